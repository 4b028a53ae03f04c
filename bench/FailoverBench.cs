using System.Diagnostics;
using OrleansLb.Core;
using OrleansLb.Grains;
using OrleansLb.Grains.Services;
using OrleansLb.Grains.Status;

namespace OrleansLb.Bench;

/// <summary>From the death of the node that announces an address to the first gratuitous frame of the one that takes it over.</summary>
internal static class FailoverBench
{
    private const int WarmUp = 2;
    private const int Rounds = 25;
    public const double TargetMs = 100;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    public static async Task<BenchResult> Run()
    {
        var samples = await Measure();
        return new("failover", [Row("killed -> first gratuitous ARP of the new node", samples)],
            new Dictionary<string, double> { ["medianVsTarget100Ms"] = samples.MedianUs / 1000 / TargetMs });
    }

    public static async Task<Samples> Measure()
    {
        await using var bed = await LabBed.Make(inMemory: false, "192.168.0.200");
        var service = await bed.CreateService(0);
        var samples = new Samples();
        for (var round = 0; round < WarmUp + Rounds; round++)
        {
            var elapsed = await Measure(bed, service);
            if (round >= WarmUp) samples.Add(elapsed);
        }
        return samples;
    }

    /// <summary>One death, and the return of the dead, so that each round begins with all nodes.</summary>
    private static async Task<long> Measure(LabBed bed, ServiceName service)
    {
        using var late = new CancellationTokenSource(Patience);
        var status = bed.Service.Grains.GetGrain<IStatusGrain>(ClusterKey.Value);
        var index = bed.Service.Grains.GetGrain<IServiceIndexGrain>(ClusterKey.Value);
        await Until(async () => await index.Find(service) is { IsAnnounced: true }, late.Token);
        var dead = (await index.Find(service))!.Announcer!.Value;
        var mac = bed.Network.Plan.MacOf(dead);
        var killed = Stopwatch.GetTimestamp();
        await Task.WhenAll(bed.Service.Speakers.Kill(dead), bed.Network.Unplug(dead, late.Token));
        var heard = await bed.Network.Capture.First(sighting => sighting.Mac != mac && sighting.At >= killed, late.Token);
        await bed.Network.Plug(dead, late.Token);
        bed.Service.StartSpeaker(dead);
        await Until(async () => (await status.Read()).Nodes.Any(node => node.Name == dead && node.Alive), late.Token);
        return heard.At - killed;
    }

    private static async Task Until(Func<Task<bool>> reached, CancellationToken late)
    {
        using var timer = new PeriodicTimer(Pace);
        while (!await reached()) await timer.WaitForNextTickAsync(late);
    }

    public static BenchRow Row(string name, Samples samples) => new(name, new Dictionary<string, double>
    {
        ["medianMs"] = Math.Round(samples.MedianUs / 1000, 1),
        ["p90Ms"] = Math.Round(samples.QuantileUs(0.9) / 1000, 1),
        ["maxMs"] = Math.Round(samples.QuantileUs(1) / 1000, 1),
    });
}
