using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker.Links;

/// <summary>An interface as its system names and numbers it.</summary>
/// <param name="Mac">Its own address at the moment.</param>
/// <param name="Kind">The driver of a virtual one, such as <c>macvlan</c>; null for a card.</param>
public sealed record LinkDevice(string Name, int Index, MacAddress Mac, string? Kind = null);
