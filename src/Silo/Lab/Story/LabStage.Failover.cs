using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Lab.Network;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>The part of the story in which nodes die and come back.</summary>
internal sealed partial class LabStage
{
    /// <summary>How long a page is waited for: short, for that is how exactly it is known when one came, and a tenth of the time that has passed.</summary>
    private static readonly TimeSpan ShortestFetch = TimeSpan.FromMilliseconds(20);

    /// <summary>The node that announces most dies without a word: its speaker stops, its cable is pulled. Others must take over.</summary>
    public async Task<NodeName> KillBusiestNode(CancellationToken cancellation)
    {
        var announcers = await Announcers();
        var busiest = announcers.GroupBy(entry => entry.Value).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First();
        var killed = busiest.Key;
        narrator.Step($"Killing {killed}, which announces {string.Join(", ", busiest.Select(entry => entry.Key))}");
        var killedAt = time.GetTimestamp();
        await Task.WhenAll(service.Speakers.Kill(killed), network.Unplug(killed, cancellation));
        narrator.Say("its speaker is gone without a goodbye, and its cable is pulled");
        await ExpectTakeover(busiest.Select(entry => entry.Key), killed, killedAt, cancellation);
        await ExpectNothingLeftWith(killed, cancellation);
        return killed;
    }

    /// <summary>A node that returns must not take its addresses back at once: each move costs connections.</summary>
    public async Task ReturnNode(NodeName node, CancellationToken cancellation)
    {
        narrator.Step($"Bringing {node} back");
        var before = await ExpectNothingLeftWith(node, cancellation);
        var returnedAt = time.GetTimestamp();
        await Revive(node, cancellation);
        narrator.Say($"{node} is alive again");
        await ExpectNoMove(before, returnedAt, cancellation);
    }

    /// <summary>Nobody but the present holders announces an address, for a while.</summary>
    private async Task ExpectNoMove(Dictionary<Address, NodeName> holders, long since, CancellationToken cancellation)
    {
        await Task.Delay(QuietTime, time, cancellation);
        var moved = network.Capture.Since(since)
            .Where(sighting => holders.TryGetValue(sighting.Address, out var holder) && sighting.Mac != network.Plan.MacOf(holder)).ToList();
        if (moved.Count > 0)
            throw new UnexpectedException("no address moves because a node came back",
                string.Join(", ", moved.Select(sighting => $"{sighting.Address} moved to {network.Plan.NameOf(sighting.Mac)}")));
        narrator.Seen($"in {QuietTime.TotalSeconds:0} s no address moved");
    }

    /// <summary>The holders of all addresses, once the status has none of them with the node any more.</summary>
    private Task<Dictionary<Address, NodeName>> ExpectNothingLeftWith(NodeName node, CancellationToken cancellation) => Eventually.See(
        $"no address left with {node}",
        () => AnnouncersBut(node),
        async () => $"it has {List((await Announcers()).Where(entry => entry.Value == node).Select(entry => entry.Key))}",
        cancellation);

    private async Task ExpectTakeover(IEnumerable<Address> addresses, NodeName lost, long lostAt, CancellationToken cancellation) =>
        _failovers.AddRange(await Task.WhenAll(addresses.Select(address => ExpectTakeover(address, lost, lostAt, cancellation))));

    private async Task<Failover> ExpectTakeover(Address address, NodeName killed, long killedAt, CancellationToken cancellation)
    {
        var dead = network.Plan.MacOf(killed);
        var heard = Eventually.See($"another node's {Form(address)} for {address}",
            late => network.Capture.First(sighting => sighting.Address == address && sighting.Mac != dead && sighting.At >= killedAt, late),
            () => Task.FromResult("none came"), cancellation);
        var (answered, restored) = await Restored(address, killed, killedAt, cancellation);
        var sighting = await heard;
        var heir = network.Plan.NodeOf(sighting.Mac) ?? throw new UnexpectedException($"one of the nodes to take over {address}", $"{sighting.Mac} did");
        if (answered != heir.Value) throw new UnexpectedException($"a page from {heir} at {UrlOf(address)}", $"a page from '{answered}'");
        var announced = time.GetElapsedTime(killedAt, sighting.At).TotalMilliseconds;
        if (await network.NeighbourOf(address, cancellation) is { } known && known != sighting.Mac)
            throw new UnexpectedException($"{address} at {sighting.Mac} in the client's neighbour table", $"it is at {known}");
        narrator.Seen($"{address} went to {heir}: first {Form(address)} after {announced:0.0} ms, a page came through after {restored:0.0} ms");
        return new(killed.Value, address.ToString(), heir.Value, Round(announced), Round(restored));
    }

    /// <summary>When a page comes through that is not of the lost node: one that is only cut off may go on serving for a moment.</summary>
    private async Task<(string Node, double Milliseconds)> Restored(Address address, NodeName lost, long since, CancellationToken cancellation)
    {
        var deadline = Eventually.Patience;
        while (true)
        {
            try
            {
                var patience = TimeSpan.FromTicks(Math.Max(ShortestFetch.Ticks, time.GetElapsedTime(since).Ticks / 10)); // a busy machine answers later
                var node = await network.Fetch(address, NodeWebServer.Port, patience, cancellation);
                if (node != lost.Value) return (node, time.GetElapsedTime(since).TotalMilliseconds);
                if (time.GetElapsedTime(since) > deadline)
                    throw new UnexpectedException($"a page from {UrlOf(address)} of another node than {lost}",
                        $"pages of {lost} only, for {deadline.TotalSeconds:0} s");
            }
            catch (HttpRequestException unreachable)
            {
                if (time.GetElapsedTime(since) > deadline)
                    throw new UnexpectedException($"a page from {UrlOf(address)} again, within {deadline.TotalSeconds:0} s", unreachable.Message);
            }
        }
    }

    /// <summary>Each address and the node that announces it.</summary>
    private async Task<Dictionary<Address, NodeName>> Announcers() => (await Status.Read()).Services
        .Where(summary => summary.Announcer is not null)
        .SelectMany(summary => summary.Addresses.Select(address => (address, summary.Announcer!.Value)))
        .DistinctBy(entry => entry.address)
        .ToDictionary(entry => entry.address, entry => entry.Value);

    /// <summary>The same, once the status says of no address that the node announces it: the wire is ahead of the status.</summary>
    private async Task<Dictionary<Address, NodeName>?> AnnouncersBut(NodeName node) =>
        await Announcers() is var announcers && announcers.ContainsValue(node) ? null : announcers;

    private async Task<object?> Alive(NodeName node) =>
        (await Status.Read()).Nodes.FirstOrDefault(view => view.Name == node) is { Alive: true } alive ? alive : null;
}
