using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;

namespace OrleansLb.Core.Services;

/// <summary>One service as lists show it.</summary>
/// <param name="Pools">The pools of its addresses.</param>
/// <param name="AddressReason">Why it has its addresses, or none; with <paramref name="AddressMessage"/> in words.</param>
/// <param name="Announcer">The node that announces its addresses, or is to; null while there is none.</param>
/// <param name="Assignments">What the announcer was told.</param>
/// <param name="AnnouncedAt">When the first announcement of the last hand-over left; null until it did.</param>
/// <param name="Conflict">Which strangers claim its addresses now, in words; null: none is heard to.</param>
/// <param name="Lacks">A family that it would take as well (PreferDualStack), and has no address of; null for none.</param>
/// <param name="AnnouncerReason">Why that node, or why none; with <paramref name="AnnouncerMessage"/> in words.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.ServiceSummary")]
public sealed record ServiceSummary(
    [property: Id(0)] ServiceName Service,
    [property: Id(1)] string Uid,
    [property: Id(2)] EquatableList<Address> Addresses,
    [property: Id(3)] EquatableList<PoolName> Pools,
    [property: Id(4)] Reason AddressReason,
    [property: Id(5)] string AddressMessage,
    [property: Id(6)] NodeName? Announcer,
    [property: Id(7)] EquatableList<Assignment> Assignments,
    [property: Id(8)] DateTimeOffset? AnnouncedAt,
    [property: Id(9)] Reason AnnouncerReason,
    [property: Id(10)] string AnnouncerMessage,
    [property: Id(11)] string? Conflict = null,
    [property: Id(12)] IpFamily? Lacks = null)
{
    /// <summary>It has all the addresses that it asked for.</summary>
    public bool IsAssigned => AddressReason is Reason.AddressAssigned or Reason.AddressAdopted;

    /// <summary>A node has announced its addresses.</summary>
    public bool IsAnnounced => AnnouncedAt is not null;
}
