using System.Diagnostics.Metrics;
using OrleansLb.Core.Addressing;

namespace OrleansLb.Speaker;

/// <summary>What is counted of pings.</summary>
internal sealed class EchoInstruments(Meter meter)
{
    private readonly Counter<long> _replies = meter.CreateCounter<long>("orleanslb.echo.replies", "{packet}", "Pings answered for announced addresses.");
    private readonly Counter<long> _refusals = meter.CreateCounter<long>("orleanslb.echo.refusals", "{packet}", "Pings heard and not answered, by reason.");

    public void Replied(string interfaceName, IpFamily family) => _replies.Add(1, SpeakerInstruments.OnInterface(interfaceName), Type(family));

    public void Refused<TReason>(string interfaceName, IpFamily family, TReason reason) where TReason : struct, Enum =>
        _refusals.Add(1, SpeakerInstruments.OnInterface(interfaceName), Type(family), new("orleanslb.reason", Enum.GetName(reason)));

    private static KeyValuePair<string, object?> Type(IpFamily family) => new("network.type", family == IpFamily.IPv4 ? "ipv4" : "ipv6");
}
