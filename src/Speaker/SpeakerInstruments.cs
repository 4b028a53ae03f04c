using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Speaker;

/// <summary>What a node's layer 2 speaker counts and traces.</summary>
internal sealed class SpeakerInstruments : IDisposable
{
    public const string Name = "OrleansLb.Speaker";

    private readonly Meter _meter;
    private readonly Counter<long> _conflicts;
    private readonly Counter<long> _taken;
    private readonly Counter<long> _yields;
    private readonly Counter<long> _fences;

    public SpeakerInstruments(NodeName node)
    {
        _meter = new(Name, null, [new("k8s.node.name", node.Value)]);
        Arp = new(_meter, "arp", "ARP");
        Ndp = new(_meter, "ndp", "Neighbour discovery");
        Echo = new(_meter);
        _conflicts = _meter.CreateCounter<long>("orleanslb.conflicts", "{conflict}",
            "Conflicts with other hosts over announced addresses, by policy; each counts once in the interval of its report.");
        _taken = _meter.CreateCounter<long>("orleanslb.probes.taken", "{address}", "Addresses that were found taken before, or just after, their first use.");
        _yields = _meter.CreateCounter<long>("orleanslb.yields", "{address}", "Addresses left to another holder.");
        _fences = _meter.CreateCounter<long>("orleanslb.fences", "{fence}",
            "How often the speaker held its tongue because its process stood still or the cluster had given it up.");
    }

    /// <summary>From now on the metrics tell of these responders too; they may be read at any moment.</summary>
    public void Watch(ResponderSet responders)
    {
        _meter.CreateObservableCounter("orleanslb.link.drops",
            () => responders.Drops.Select(drop => new Measurement<long>(drop.Dropped, OnInterface(drop.InterfaceName))),
            "{packet}", "Frames that the kernel dropped because the responder did not read them in time.");
        _meter.CreateObservableGauge("orleanslb.addresses.held",
            () => responders.Held.Select(addresses =>
                new Measurement<int>(addresses.Count, OnInterface(addresses.InterfaceName),
                    new("network.type", addresses.Family == IpFamily.IPv4 ? "ipv4" : "ipv6"))),
            "{address}", "Addresses that the speaker answers for on an interface; while it is fenced, it is silent for all of them.");
    }

    /// <summary>Spans of the speaker; the same source for every speaker of the process.</summary>
    public static ActivitySource Tracing { get; } = new(Name);

    public FamilyInstruments Arp { get; }

    public FamilyInstruments Ndp { get; }

    public EchoInstruments Echo { get; }

    public void Conflicted(ConflictPolicy policy) => _conflicts.Add(1, new KeyValuePair<string, object?>("orleanslb.policy", Enum.GetName(policy)));

    public void FoundTaken() => _taken.Add(1);

    public void Yielded() => _yields.Add(1);

    public void Fenced() => _fences.Add(1);

    public void Dispose() => _meter.Dispose();

    internal static KeyValuePair<string, object?> OnInterface(string name) => new("network.interface.name", name);
}
