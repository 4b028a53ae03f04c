using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Lab.Network;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>The part of the story in which nodes are half alive: without a carrier, cut off, or frozen.</summary>
internal sealed partial class LabStage
{
    /// <summary>
    /// The carrier of the busiest node drops while its speaker and its way to the cluster live: it is no candidate any more, and the explanation says so.
    /// </summary>
    public async Task<NodeName> DropCarrier(CancellationToken cancellation)
    {
        var (node, addresses) = await Busiest();
        narrator.Step($"Pulling the cable of {node}, which announces {List(addresses)}; its speaker lives");
        var pulledAt = time.GetTimestamp();
        await network.Unplug(node, cancellation);
        await ExpectTakeover(addresses, node, pulledAt, cancellation);
        await ExpectNothingLeftWith(node, cancellation);
        var name = (await Status.Read()).Services.First(summary => summary.Addresses.Intersect(addresses).Any()).Service;
        var why = await Eventually.See($"an explanation of {name} that refuses {node} for want of an interface",
            async () => (await Status.Explain(name))
                ?.RejectedNodes.FirstOrDefault(rejected => rejected.Reason == Reason.NoInterface && rejected.What == $"node {node}"),
            () => Describe(name), cancellation);
        narrator.Seen($"explain {name}: {why.What}: {why.Message}");
        return node;
    }

    /// <summary>The carrier is there again: the node may announce, but nothing moves for that.</summary>
    public async Task RestoreCarrier(NodeName node, CancellationToken cancellation)
    {
        narrator.Step($"Putting the cable of {node} back");
        var before = await Announcers();
        var since = time.GetTimestamp();
        await network.Plug(node, cancellation);
        await Eventually.See($"a usable interface on {node}", () => Usable(node), () => Task.FromResult("there is none"), cancellation);
        narrator.Say($"{node} has its interface again");
        await ExpectNoMove(before, since, cancellation);
    }

    /// <summary>The busiest node dies, and then comes and goes several times in a row: its addresses leave it once, and nothing goes back to it.</summary>
    public async Task Flap(int times, CancellationToken cancellation)
    {
        var node = await KillBusiestNode(cancellation);
        var holders = await ExpectNothingLeftWith(node, cancellation);
        narrator.Step($"{node} comes and goes {times} times more, and stays then");
        var since = time.GetTimestamp();
        for (var round = 0; round < times; round++)
        {
            await Revive(node, cancellation);
            await Task.WhenAll(service.Speakers.Kill(node), network.Unplug(node, cancellation));
            await Eventually.See($"{node} dead", () => Dead(node), () => Task.FromResult("it is still alive"), cancellation);
        }
        await Revive(node, cancellation);
        await ExpectNoMove(holders, since, cancellation);
        narrator.Seen($"an event of the Node says: {await NodeEventOf(node, nameof(Reason.NodeFlapping), $"came back {times + 1} times", cancellation)}");
    }

    /// <summary>The busiest node loses the cluster and keeps the clients: another takes over, and the cut-off one yields as soon as it hears of it.</summary>
    public async Task CutOffOne(CancellationToken cancellation)
    {
        var (node, addresses) = await Busiest();
        narrator.Step($"Cutting {node} off from the cluster but not from the clients; it announces {List(addresses)}");
        var cutAt = time.GetTimestamp();
        service.Switch(node).CutOff();
        await ExpectTakeover(addresses, node, cutAt, cancellation);
        await Rejoin(node, "The partition heals", cancellation);
    }

    /// <summary>No node reaches the cluster, and there is no rival: everybody goes on announcing what he announced.</summary>
    public async Task CutOffAll(CancellationToken cancellation)
    {
        narrator.Step("Cutting every node off: the control plane is gone altogether");
        var before = await Announcers();
        var nodes = network.Plan.Nodes.Select(machine => new NodeName(machine.Name)).ToList();
        var since = time.GetTimestamp();
        foreach (var node in nodes) service.Switch(node).CutOff();
        foreach (var node in nodes)
            await Eventually.See($"{node} dead in the eyes of the cluster", () => Dead(node), () => Task.FromResult("it is alive"), cancellation);
        await ExpectNoMove(before, since, cancellation);
        var late = time.GetTimestamp();
        foreach (var (address, node) in before) await ExpectAnswer(address, node, late, cancellation);
        narrator.Seen("every address is still answered for by its holder");
        foreach (var node in nodes) service.Switch(node).Restore();
        foreach (var node in nodes) await Eventually.See($"{node} alive", () => Alive(node), () => Task.FromResult("it is still dead"), cancellation);
        await Eventually.See("every address announced", async () => (await Announcers()).Count == before.Count ? before : null,
            async () => $"{(await Announcers()).Count} of {before.Count} are", cancellation);
        var settled = await Announcers();
        foreach (var (address, node) in settled) await ExpectAnswer(address, node, time.GetTimestamp(), cancellation);
        narrator.Seen("the control plane is back, and each address has one holder: "
            + $"{List(settled.OrderBy(entry => entry.Key).Select(entry => $"{entry.Key} at {entry.Value}"))}");
    }

    /// <summary>The busiest node's speaker stands still, and wakes when its addresses have long been another's: it must say nothing more for them.</summary>
    public async Task Freeze(TimeSpan duration, CancellationToken cancellation)
    {
        var (node, addresses) = await Busiest();
        narrator.Step($"Freezing the speaker of {node} for {duration.TotalSeconds:0} s; it announces {List(addresses)}");
        var frozenAt = time.GetTimestamp();
        service.Switch(node).Freeze();
        await ExpectTakeover(addresses, node, frozenAt, cancellation);
        await Task.Delay(duration - time.GetElapsedTime(frozenAt), time, cancellation);
        var wokenAt = time.GetTimestamp();
        await Rejoin(node, $"{node} wakes", cancellation);
        var mac = network.Plan.MacOf(node);
        var stale = network.Witness.Since(wokenAt).Where(sighting => sighting.Mac == mac).ToList();
        if (stale.Count > 0)
            throw new UnexpectedException($"no word of {node} for what is another's by now",
                $"{stale.Count} frames, the last {time.GetElapsedTime(wokenAt, stale[^1].At).TotalMilliseconds:0} ms after it woke");
        narrator.Seen($"{node} answered none of the questions that waited for it");
    }

    /// <summary>The node's way to the cluster, and whatever else stood still, is restored: nothing moves for that.</summary>
    private async Task Rejoin(NodeName node, string title, CancellationToken cancellation)
    {
        var holders = await ExpectNothingLeftWith(node, cancellation);
        narrator.Step(title);
        var since = time.GetTimestamp();
        service.Switch(node).Restore();
        await Eventually.See($"{node} alive", () => Alive(node), () => Task.FromResult("it is still dead"), cancellation);
        narrator.Say($"{node} is alive again");
        await ExpectNoMove(holders, since, cancellation);
    }

    private async Task Revive(NodeName node, CancellationToken cancellation)
    {
        await network.Plug(node, cancellation);
        service.StartSpeaker(node);
        await Eventually.See($"{node} alive", () => Alive(node), () => Task.FromResult("it is still dead"), cancellation);
    }

    private async Task<(NodeName Node, List<Address> Addresses)> Busiest()
    {
        var busiest =
            (await Announcers()).GroupBy(entry => entry.Value, entry => entry.Key).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).First();
        return (busiest.Key, [.. busiest.Order()]);
    }

    private async Task<object?> Usable(NodeName node) =>
        (await Status.Read()).Nodes.FirstOrDefault(view => view.Name == node) is { } found && found.Links.Links.Any(link => link.Usable) ? found : null;

    private async Task<object?> Dead(NodeName node) =>
        (await Status.Read()).Nodes.FirstOrDefault(view => view.Name == node) is { Alive: false } dead ? dead : null;
}
