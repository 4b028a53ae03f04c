using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Lab.Network;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>The part of the story in which nodes die and come back.</summary>
internal sealed partial class LabStage
{
    private static readonly TimeSpan FetchPatience = TimeSpan.FromMilliseconds(20);

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
        await Task.WhenAll(busiest.Select(entry => ExpectTakeover(entry.Key, killed, killedAt, cancellation)));
        return killed;
    }

    /// <summary>A node that returns must not take its addresses back at once: each move costs connections.</summary>
    public async Task ReturnNode(NodeName node, CancellationToken cancellation)
    {
        narrator.Step($"Bringing {node} back");
        var before = await Eventually.See($"no address left with {node}", () => AnnouncersBut(node), async () => $"it has {string.Join(", ", (await Announcers()).Where(entry => entry.Value == node).Select(entry => entry.Key))}", cancellation);
        var returnedAt = time.GetTimestamp();
        await network.Plug(node, cancellation);
        service.StartSpeaker(node);
        await Eventually.See($"{node} alive", () => Alive(node), () => Task.FromResult("it is still dead"), cancellation);
        narrator.Say($"{node} is alive again");
        await Task.Delay(QuietTime, time, cancellation);
        var moved = network.Capture.Since(returnedAt).Where(sighting => before.TryGetValue(sighting.Address, out var holder) && sighting.Mac != network.Plan.MacOf(holder)).ToList();
        if (moved.Count > 0) throw new UnexpectedException("no address moves because a node came back", string.Join(", ", moved.Select(sighting => $"{sighting.Address} moved to {sighting.Mac}")));
        narrator.Seen($"in {QuietTime.TotalSeconds:0} s no address moved");
    }

    private async Task ExpectTakeover(Address address, NodeName killed, long killedAt, CancellationToken cancellation)
    {
        var dead = network.Plan.MacOf(killed);
        var heard = Eventually.See($"another node's gratuitous ARP for {address}",
            late => network.Capture.First(sighting => sighting.Address == address && sighting.Mac != dead && sighting.At >= killedAt, late),
            () => Task.FromResult("none came"), cancellation);
        var (answered, restored) = await Restored(address, killedAt, cancellation);
        var sighting = await heard;
        var heir = network.Plan.NodeOf(sighting.Mac) ?? throw new UnexpectedException($"one of the nodes to take over {address}", $"{sighting.Mac} did");
        if (answered != heir.Value) throw new UnexpectedException($"a page from {heir} at http://{address}/", $"a page from '{answered}'");
        var announced = time.GetElapsedTime(killedAt, sighting.At).TotalMilliseconds;
        _failovers.Add(new(killed.Value, address.ToString(), heir.Value, Round(announced), Round(restored)));
        narrator.Seen($"{address} went to {heir}: first gratuitous ARP after {announced:0.0} ms, a page came through after {restored:0.0} ms");
    }

    private async Task<(string Node, double Milliseconds)> Restored(Address address, long since, CancellationToken cancellation)
    {
        var deadline = Eventually.Patience;
        while (true)
        {
            try
            {
                var node = await network.Fetch(address, NodeWebServer.Port, FetchPatience, cancellation);
                return (node, time.GetElapsedTime(since).TotalMilliseconds);
            }
            catch (HttpRequestException unreachable)
            {
                if (time.GetElapsedTime(since) > deadline) throw new UnexpectedException($"a page from http://{address}/ again, within {deadline.TotalSeconds:0} s", unreachable.Message);
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
    private async Task<Dictionary<Address, NodeName>?> AnnouncersBut(NodeName node) => await Announcers() is var announcers && announcers.ContainsValue(node) ? null : announcers;

    private async Task<object?> Alive(NodeName node) => (await Status.Read()).Nodes.FirstOrDefault(view => view.Name == node) is { Alive: true } alive ? alive : null;
}
