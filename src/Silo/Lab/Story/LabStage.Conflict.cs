using OrleansLb.Core;
using OrleansLb.Core.Addressing;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>The part of the story in which a foreign host takes an address.</summary>
internal sealed partial class LabStage
{
    /// <summary>A host that is none of ours comes up with an announced address: an event of the Service names it by its hardware address.</summary>
    public async Task MeetStranger(CancellationToken cancellation)
    {
        var taken = (await Status.Read()).Services.First(summary => summary.IsAnnounced);
        var (address, stranger) = (taken.Addresses[0], network.Plan.Stranger.Mac);
        narrator.Step($"A foreign host, {stranger}, takes {address} of {taken.Service}, which {taken.Announcer} announces");
        var since = time.GetTimestamp();
        await using (await network.Intrude(address, cancellation))
        {
            await ExpectConflict(taken.Service, stranger, since, cancellation);
        }
        narrator.Say("the foreign host goes");
    }

    /// <summary>An event of the Service names the host that claims one of its addresses.</summary>
    public async Task ExpectConflict(ServiceName name, string stranger, long since, CancellationToken cancellation)
    {
        var told = await EventOf(name, nameof(Reason.AddressConflict), stranger, cancellation);
        narrator.Seen($"{time.GetElapsedTime(since).TotalMilliseconds:0} ms later an event of the Service says: {told}");
    }

    private async Task<string> EventOf(ServiceName name, string reason, string part, CancellationToken cancellation)
    {
        var events = $"/api/v1/namespaces/{name.Namespace}/events?fieldSelector=involvedObject.name={name.Name}";
        return await Eventually.See($"an event {reason} about {name} that names {part}",
            async () => Items(await service.Get(events, cancellation), "items").Where(item => item["reason"]?.GetValue<string>() == reason)
                .Select(item => item["message"]?.GetValue<string>()).FirstOrDefault(message => message?.Contains(part, StringComparison.Ordinal) == true),
            async () => (await service.Get(events, cancellation)).ToJsonString(), cancellation);
    }
}
