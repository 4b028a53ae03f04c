using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>A station answered for an address, without a break.</summary>
/// <param name="From">Its first answer, counted from the beginning of the timeline.</param>
/// <param name="To">Its last answer.</param>
internal sealed record Holding(MacAddress Holder, TimeSpan From, TimeSpan To, int Answers);

/// <summary>Two stations answered for an address at once, from the first answer of the later one to the last of whichever fell silent first.</summary>
internal sealed record Contest(MacAddress Earlier, MacAddress Later, TimeSpan From, TimeSpan Length);
