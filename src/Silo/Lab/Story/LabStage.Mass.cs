using System.Globalization;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Grains;
using OrleansLb.Grains.Services;
using OrleansLb.Silo.Lab.Network;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>The part of the story about many addresses at once.</summary>
internal sealed partial class LabStage
{
    private const int CreatedAtOnce = 8;
    private const int FramesAtOnce = 2;

    /// <summary>Creates many services; done when all are announced.</summary>
    public async Task CreateMany(int count, CancellationToken cancellation)
    {
        narrator.Step($"Creating {count} services");
        var since = time.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, count),
            new ParallelOptions { MaxDegreeOfParallelism = CreatedAtOnce, CancellationToken = cancellation },
            async (number, stop) => await CreateNumbered(number, stop));
        await Eventually.See($"{count} announced services", async () => await CountAnnounced() >= count ? this : null,
            async () => $"{await CountAnnounced()} are", cancellation);
        narrator.Say($"all are announced after {time.GetElapsedTime(since).TotalMilliseconds:0} ms, {string.Join(", ", await Shares())}");
    }

    /// <summary>The busiest node dies: everything that it announced is announced by others, told from the first frame to the last.</summary>
    public async Task KillNodeOfMany(CancellationToken cancellation)
    {
        var (killed, addresses) = await Busiest();
        narrator.Step($"Killing {killed}, which announces {addresses.Count} addresses");
        foreach (var address in _watched) await ExpectPage(address, killed, cancellation); // so that the client's neighbour table knows them
        var killedAt = time.GetTimestamp();
        await Task.WhenAll(service.Speakers.Kill(killed), network.Unplug(killed, cancellation));
        await ExpectTakeover(_watched, killed, killedAt, cancellation);
        var firsts = await Eventually.See($"each of {addresses.Count} addresses announced by another node",
            () => Task.FromResult(TakenOver(addresses, killed, killedAt)), () => Task.FromResult($"{FirstOf(addresses, killed, killedAt).Count} were"),
            cancellation);
        var (first, last) =
            (time.GetElapsedTime(killedAt, firsts.Min(sighting => sighting.At)), time.GetElapsedTime(killedAt, firsts.Max(sighting => sighting.At)));
        narrator.Seen($"all {firsts.Count} addresses were announced again, the first {first.TotalMilliseconds:0} ms and the last "
            + $"{last.TotalMilliseconds:0} ms after the death");
        await Eventually.See("each of them announced again", () => Task.FromResult(AreRepeated(firsts)), () => Task.FromResult("some were announced once only"),
            cancellation);
        narrator.Seen($"each was announced again, the last {time.GetElapsedTime(killedAt).TotalMilliseconds:0} ms after the death");
        narrator.Say(string.Join(", ",
            firsts.GroupBy(sighting => sighting.Mac).Select(heir => $"{network.Plan.NameOf(heir.Key)} took {heir.Count()}").Order()));
    }

    private Task CreateNumbered(int number, CancellationToken cancellation)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"many-{number}");
        return service.Create("/api/v1/namespaces/default/services", $$$"""
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"{{{name}}}","annotations":{"orleanslb.io/address-pool":"mass"}},"spec":{"type":"LoadBalancer","allocateLoadBalancerNodePorts":false,"ports":[{"port":80}]}}
            """, cancellation);
    }

    private async Task<int> CountAnnounced() =>
        (await service.Grains.GetGrain<IServiceIndexGrain>(ClusterKey.Value).Services()).Count(summary => summary.IsAnnounced);

    private async Task<IEnumerable<string>> Shares() =>
        (await Announcers()).GroupBy(entry => entry.Value).OrderBy(group => group.Key).Select(group => $"{group.Count()} by {group.Key}");

    private List<Sighting>? TakenOver(List<Address> addresses, NodeName killed, long since) =>
        FirstOf(addresses, killed, since) is var firsts && firsts.Count == addresses.Count ? firsts : null;

    /// <summary>The heir of each address was heard in an announcement later than the first, which has two frames.</summary>
    private LabStage? AreRepeated(List<Sighting> firsts)
    {
        var told = network.Capture.Since(firsts.Min(first => first.At)).CountBy(sighting => (sighting.Address, sighting.Mac)).ToDictionary();
        return firsts.TrueForAll(first => told[(first.Address, first.Mac)] > FramesAtOnce) ? this : null;
    }

    /// <summary>The first announcement of each address by another node.</summary>
    private List<Sighting> FirstOf(List<Address> addresses, NodeName killed, long since)
    {
        var (dead, lost) = (network.Plan.MacOf(killed), addresses.ToHashSet());
        return [.. network.Capture.Since(since).Where(sighting => sighting.Mac != dead && lost.Contains(sighting.Address))
            .DistinctBy(sighting => sighting.Address)];
    }
}
