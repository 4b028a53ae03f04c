using System.Diagnostics;
using OrleansLb.Bench.Bgp;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Lab;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Vrrp;

namespace OrleansLb.Bench.Vrrp;

/// <summary>
/// The death of a node as <see cref="FailoverBench"/> has it, for us and for keepalived with advertisements each second and each 100 ms: same lab, same run.
/// </summary>
internal static class KeepalivedBench
{
    private const int WarmUp = 1;
    private const string Vip = "192.168.0.201";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<BenchResult> Run()
    {
        var ours = await FailoverBench.Measure();
        var fast = await Measure(TimeSpan.FromMilliseconds(100), rounds: 15);
        var slow = await Measure(TimeSpan.FromSeconds(1), rounds: 5);
        return new("failover --vs keepalived",
            [FailoverBench.Row("ours", ours), FailoverBench.Row("keepalived, adverts each 100 ms", fast),
                FailoverBench.Row("keepalived, adverts each second", slow)],
            new Dictionary<string, double>
            {
                ["medianVsKeepalived100Ms"] = ours.MedianUs / fast.MedianUs,
                ["medianVsKeepalived1S"] = ours.MedianUs / slow.MedianUs,
                ["medianVsTarget100Ms"] = ours.MedianUs / 1000 / FailoverBench.TargetMs,
            });
    }

    private static async Task<Samples> Measure(TimeSpan advertInterval, int rounds)
    {
        var program = PeerProgram.Find("keepalived", "/usr/sbin/keepalived");
        using var folder = new TemporaryFolder();
        await using var network = await NamespaceNetwork.Create(LabPlan.Of(LabBed.Nodes), CancellationToken.None);
        Keepalived Start(string node) =>
            new(program, network.NamespaceOf(node), folder.Path, new(LabPlan.Interface, Vip + "/32", advertInterval, Owner: false));
        var running = network.Plan.Nodes.ToDictionary(node => node.Name, node => Start(node.Name));
        try
        {
            var samples = new Samples();
            var master = await MasterAfter(network, 0, null);
            for (var round = 0; round < WarmUp + rounds; round++)
            {
                var (elapsed, heir) = await Kill(network, running, master);
                running[master.Value] = await Revive(network, master, Start);
                if (round >= WarmUp) samples.Add(elapsed);
                master = heir;
            }
            return samples;
        }
        finally
        {
            foreach (var keepalived in running.Values) await keepalived.DisposeAsync();
        }
    }

    private static async Task<(long Elapsed, NodeName Heir)> Kill(NamespaceNetwork network, Dictionary<string, Keepalived> running, NodeName master)
    {
        var killed = Stopwatch.GetTimestamp();
        await Task.WhenAll(network.Unplug(master, CancellationToken.None), running[master.Value].DisposeAsync().AsTask());
        var mac = network.Plan.MacOf(master);
        var heir = await MasterAfter(network, killed, master);
        var heard = network.Capture.Since(killed).First(sighting => sighting.Mac != mac);
        return (heard.At - killed, heir);
    }

    /// <summary>The dead keepalived may have left its address on the interface.</summary>
    private static async Task<Keepalived> Revive(NamespaceNetwork network, NodeName node, Func<string, Keepalived> start)
    {
        await IpCommand.Run(network.NamespaceOf(node.Value), $"address flush dev {LabPlan.Interface} to {Vip}/32", CancellationToken.None);
        await network.Plug(node, CancellationToken.None);
        var keepalived = start(node.Value);
        using var late = new CancellationTokenSource(Patience);
        await keepalived.Entered("BACKUP", late.Token);
        return keepalived;
    }

    private static async Task<NodeName> MasterAfter(NamespaceNetwork network, long since, NodeName? dead)
    {
        using var late = new CancellationTokenSource(Patience);
        var address = Address.Parse(Vip);
        var heard = await network.Capture.First(sighting => sighting.Address == address && sighting.At >= since && network.Plan.NodeOf(sighting.Mac) != dead,
            late.Token);
        return network.Plan.NodeOf(heard.Mac) ?? throw new BenchException($"{heard.Mac} took {Vip}, and is no node.");
    }
}
