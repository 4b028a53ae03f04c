using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Nodes;

namespace OrleansLb.Grains.Status;

/// <summary>An address of a service, as operators look at it: who holds it, since when, why, and what has come of it.</summary>
/// <param name="Services">More than one when they share it; sorted.</param>
/// <param name="Holder">The node that announces it, or is to; null while there is none.</param>
/// <param name="Epoch">The number of its last hand-over; 0 when nobody was told to announce it.</param>
/// <param name="Since">When the holder first announced it; null while it has not.</param>
/// <param name="Standing">As <see cref="AddressCount.Standing"/>; null while the holder's speaker has told nothing.</param>
/// <param name="Reason">Why that node, or why none; with <paramref name="Message"/> in words.</param>
/// <param name="Answered">Requests that the holder has answered since then, as it last told.</param>
/// <param name="Claimed">Frames in which another host claimed the address, likewise.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.AddressStatus")]
public sealed record AddressStatus(
    [property: Id(0)] Address Address,
    [property: Id(1)] EquatableList<ServiceName> Services,
    [property: Id(2)] NodeName? Holder,
    [property: Id(3)] long Epoch,
    [property: Id(4)] DateTimeOffset? Since,
    [property: Id(5)] string? Standing,
    [property: Id(6)] Reason Reason,
    [property: Id(7)] string Message,
    [property: Id(8)] long Answered,
    [property: Id(9)] long Claimed)
{
    /// <summary>Every address of these services, sorted, with what their announcers told of it. What was told of an older hand-over is of no account.</summary>
    public static EquatableList<AddressStatus> Of(IEnumerable<ServiceSummary> services, IEnumerable<NodeStatus> announcers)
    {
        var counts = announcers.SelectMany(node => node.Counts.Select(count => (Key: (node.Node, count.Address, count.Epoch), count)))
            .ToDictionary(entry => entry.Key, entry => entry.count);
        return services
            .SelectMany(service => service.Addresses.Select(address => (address, service)))
            .GroupBy(entry => entry.address, entry => entry.service)
            .OrderBy(held => held.Key)
            .Select(held => Of(held.Key, [.. held.OrderBy(service => service.Service)], counts))
            .ToEquatableList();
    }

    private static AddressStatus Of(Address address, List<ServiceSummary> sharers, Dictionary<(NodeName, Address, long), AddressCount> counts)
    {
        var told = sharers.Find(service => service.Announcer is not null) ?? sharers[0];
        var epoch = told.Assignments.Where(assignment => assignment.Address == address).Select(assignment => assignment.Epoch).DefaultIfEmpty().Max();
        var isLeftOut = told.Assignments.Count > 0 && epoch == 0; // its node has an interface for the others only
        var holder = isLeftOut ? null : told.Announcer;
        var count = holder is { } node ? counts.GetValueOrDefault((node, address, epoch)) : null;
        return new(
            address, sharers.Select(service => service.Service).ToEquatableList(), holder, epoch, isLeftOut ? null : count?.Since ?? told.AnnouncedAt,
            count?.Standing,
            told.AnnouncerReason, count?.Remark is { } remark ? $"{told.AnnouncerMessage} {remark}" : told.AnnouncerMessage, count?.Answered ?? 0,
            count?.Claimed ?? 0);
    }
}
