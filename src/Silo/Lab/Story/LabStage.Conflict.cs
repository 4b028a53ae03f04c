using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Lab.Network;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>The part of the story in which a foreign host has an address.</summary>
internal sealed partial class LabStage
{
    /// <summary>
    /// An address that a host outside the cluster uses already is found out before its first use: it goes into quarantine, and the service has another one.
    /// </summary>
    public async Task FindStranger(string manifest, Address address, CancellationToken cancellation)
    {
        var stranger = network.Plan.Stranger.Mac;
        narrator.Step($"A foreign host, {stranger}, has {address}, and nobody has told us");
        await using (await network.Intrude(address, cancellation))
        {
            await Apply(manifest, cancellation);
            var name = _created.MaxBy(entry => entry.Value).Key;
            narrator.Seen($"an event of the Service says: {await EventOf(name, nameof(Reason.AddressTaken), stranger, cancellation)}");
            var served = await Eventually.See($"another address than {address} for {name}",
                async () => await Announced(name) is { } summary && !summary.Addresses.Contains(address) ? summary : null, () => Describe(name), cancellation);
            narrator.Say($"{name} has {List(served.Addresses)}");
            await ExpectServed(cancellation);
            var ours =
                network.Capture.Since(_created[name]).Where(sighting => sighting.Address == address && network.Plan.NodeOf(sighting.Mac) is not null).ToList();
            if (ours.Count > 0) throw new UnexpectedException($"no node to claim {address}", $"{network.Plan.NameOf(ours[0].Mac)} announced it");
            narrator.Seen($"no node ever claimed {address}");
        }
        narrator.Say("the foreign host goes");
    }

    /// <summary>
    /// A host outside the cluster comes up with an address in use: it is reported with its hardware address, and answered by one announcement.
    /// </summary>
    public Task MeetStranger(CancellationToken cancellation) => MeetStranger("A foreign host", network.Intrude, cancellation);

    private async Task MeetStranger(string who, Func<Address, CancellationToken, Task<IAsyncDisposable>> claim, CancellationToken cancellation)
    {
        var taken = (await Status.Read()).Services.First(summary => summary.IsAnnounced);
        var (address, stranger) = (taken.Addresses[0], network.Plan.Stranger.Mac);
        narrator.Step($"{who}, {stranger}, comes up with {address} of {taken.Service}, which {taken.Announcer} announces");
        var since = time.GetTimestamp();
        await using (await claim(address, cancellation))
        {
            await ExpectConflict(taken.Service, stranger, since, cancellation);
            var claimed = await Eventually.See($"a claim of {address} by {stranger} at the client",
                late => network.Capture.First(sighting => sighting.Address == address && sighting.Mac.ToString() == stranger && sighting.At >= since, late),
                () => Task.FromResult("none"), cancellation);
            var defence = await Hear(address, taken.Announcer!.Value, claimed.At, cancellation);
            await Eventually.See($"{address} at {taken.Announcer} in the client's neighbour table", () => IsAt(address, taken.Announcer!.Value, cancellation),
                async () => $"it is at {await network.NeighbourOf(address, cancellation)}", cancellation);
            narrator.Seen($"{taken.Announcer} announced it again {time.GetElapsedTime(claimed.At, defence.At).TotalMilliseconds:0} ms after the claim (RFC "
                + "5227 §2.4), and the client believes it");
        }
        narrator.Say("the foreign host goes");
        await ExpectPage(address, taken.Announcer!.Value, cancellation);
    }

    /// <summary>An event of the Service names the host that claims one of its addresses.</summary>
    public async Task ExpectConflict(ServiceName name, string stranger, long since, CancellationToken cancellation)
    {
        var told = await EventOf(name, nameof(Reason.AddressConflict), stranger, cancellation);
        narrator.Seen($"{time.GetElapsedTime(since).TotalMilliseconds:0} ms later an event of the Service says: {told}");
    }

    /// <summary>Where there is no kernel that keeps a neighbour table there is nothing to see.</summary>
    private async Task<object?> IsAt(Address address, NodeName node, CancellationToken cancellation) =>
        network is not NamespaceNetwork || await network.NeighbourOf(address, cancellation) == network.Plan.MacOf(node) ? this : null;

    private Task<string> EventOf(ServiceName name, string reason, string part, CancellationToken cancellation) =>
        EventOf($"/api/v1/namespaces/{name.Namespace}/events?fieldSelector=involvedObject.name={name.Name}", name.ToString(), reason, part, cancellation);

    private Task<string> NodeEventOf(NodeName node, string reason, string part, CancellationToken cancellation) =>
        EventOf($"/api/v1/events?fieldSelector=involvedObject.kind=Node,involvedObject.name={node}", $"node {node}", reason, part, cancellation);

    private async Task<string> EventOf(string events, string about, string reason, string part, CancellationToken cancellation)
    {
        return await Eventually.See($"an event {reason} about {about} that names {part}",
            async () => Items(await service.Get(events, cancellation), "items").Where(item => item["reason"]?.GetValue<string>() == reason)
                .Select(item => item["message"]?.GetValue<string>()).FirstOrDefault(message => message?.Contains(part, StringComparison.Ordinal) == true),
            async () => List(Items(await service.Get(events, cancellation), "items").Select(item => $"{item["reason"]}: {item["message"]}")), cancellation);
    }
}
