using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrleansLb.Core;

namespace OrleansLb.Speaker;

/// <summary>What a node's layer 2 speaker counts and traces.</summary>
internal sealed class SpeakerInstruments : IDisposable
{
    public const string Name = "OrleansLb.Speaker";

    private readonly Meter _meter;

    public SpeakerInstruments(NodeName node, Func<IEnumerable<(string InterfaceName, long Dropped)>> drops)
    {
        _meter = new(Name, null, [new("k8s.node.name", node.Value)]);
        Arp = new(_meter, "arp", "ARP");
        Ndp = new(_meter, "ndp", "Neighbour discovery");
        _meter.CreateObservableCounter("orleanslb.link.drops", () => drops().Select(drop => new Measurement<long>(drop.Dropped, OnInterface(drop.InterfaceName))),
            "{packet}", "Frames that the kernel dropped because the responder did not read them in time.");
    }

    /// <summary>Spans of the speaker; the same source for every speaker of the process.</summary>
    public static ActivitySource Tracing { get; } = new(Name);

    public FamilyInstruments Arp { get; }

    public FamilyInstruments Ndp { get; }

    public void Dispose() => _meter.Dispose();

    internal static KeyValuePair<string, object?> OnInterface(string name) => new("network.interface.name", name);
}
