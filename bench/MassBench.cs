using System.Diagnostics;
using OrleansLb.Client;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Grains;
using OrleansLb.Grains.Services;
using OrleansLb.Grains.Status;

namespace OrleansLb.Bench;

/// <summary>
/// A node that announces 500 addresses dies: from its death to the first, and to the last, gratuitous frame of the nodes that take them over.
/// </summary>
internal static class MassBench
{
    private const int Addresses = 500;
    private const int AtOnce = 16;
    private const int WarmUp = 1;
    private const int Rounds = 5;
    private const double TargetMs = 500;
    private static readonly NodeName Victim = new("node1");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    public static async Task<BenchResult> Run()
    {
        await using var bed = await LabBed.Make(inMemory: false, "10.78.2.0/23");
        await Parallel.ForEachAsync(Enumerable.Range(0, Addresses), new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (number, _) => await bed.CreateService(number));
        var (firsts, spans) = (new Samples(), new Samples());
        for (var round = 0; round < WarmUp + Rounds; round++)
        {
            var (first, span) = await Measure(bed);
            if (round < WarmUp) continue;
            firsts.Add(first);
            spans.Add(span);
        }
        return new(
            "mass",
            [FailoverBench.Row("killed -> first of 500", firsts), FailoverBench.Row("first of 500 -> last", spans)],
            new Dictionary<string, double> { ["medianVsTarget500Ms"] = spans.MedianUs / 1000 / TargetMs });
    }

    /// <summary>One death, and the return of the dead, so that each round begins with all nodes.</summary>
    private static async Task<(long First, long Span)> Measure(LabBed bed)
    {
        using var late = new CancellationTokenSource(Patience);
        var lost = await Gather(bed, late.Token);
        var killed = Stopwatch.GetTimestamp();
        await Task.WhenAll(bed.Service.Speakers.Kill(Victim), bed.Network.Unplug(Victim, late.Token));
        await Until(() => Task.FromResult(Firsts(bed, lost, killed).Count == lost.Count), late.Token);
        var firsts = Firsts(bed, lost, killed).Order().ToList();
        await bed.Network.Plug(Victim, late.Token);
        bed.Service.StartSpeaker(Victim);
        var status = bed.Service.Grains.GetGrain<IStatusGrain>(ClusterKey.Value);
        await Until(async () => (await status.Read()).Nodes.Any(node => node.Name == Victim && node.Alive), late.Token);
        return (firsts[0] - killed, firsts[^1] - firsts[0]);
    }

    /// <summary>All services go to the node that is to die; answers their addresses.</summary>
    private static async Task<HashSet<Address>> Gather(LabBed bed, CancellationToken late)
    {
        var (index, operation) =
            (bed.Service.Grains.GetGrain<IServiceIndexGrain>(ClusterKey.Value), bed.Service.Grains.GetGrain<IOperatorGrain>(ClusterKey.Value));
        await Until(async () => (await index.Services()).Count(service => service.IsAnnounced) == Addresses, late);
        await Parallel.ForEachAsync(await index.Services(), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = late },
            async (service, _) =>
        {
            if (await operation.Move(service.Service, Victim) is { Moved: false } refused) throw new BenchException(refused.Message);
        });
        await Until(async () => (await index.Services()).All(service => service.Announcer == Victim && service.IsAnnounced), late);
        return [.. (await index.Services()).SelectMany(service => service.Addresses)];
    }

    /// <summary>When each address was first announced by another node.</summary>
    private static List<long> Firsts(LabBed bed, HashSet<Address> lost, long since)
    {
        var dead = bed.Network.Plan.MacOf(Victim);
        return [.. bed.Network.Capture.Since(since).Where(sighting => sighting.Mac != dead && lost.Contains(sighting.Address))
            .DistinctBy(sighting => sighting.Address).Select(sighting => sighting.At)];
    }

    private static async Task Until(Func<Task<bool>> reached, CancellationToken late)
    {
        using var timer = new PeriodicTimer(Pace);
        while (!await reached()) await timer.WaitForNextTickAsync(late);
    }
}
