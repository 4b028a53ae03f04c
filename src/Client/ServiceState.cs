using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Services;

namespace OrleansLb.Client;

/// <summary>A Service as others need to know it: its addresses, and who announces them.</summary>
/// <param name="Addresses">Those that it has, of either family; empty while it has none.</param>
/// <param name="IsAssigned">It has all the addresses that it asked for.</param>
/// <param name="Announcer">The node that announces them on its segment, or is to; null while there is none, and where BGP alone
/// announces them: then every node that may does.</param>
/// <param name="AnnouncedAt">When the first announcement of the last hand-over left; null until it did.</param>
/// <param name="Reason">Why it has no address; of one that has, why that node or why none. <paramref name="Message"/> has it in words.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.ServiceState")]
public sealed record ServiceState(
    [property: Id(0)] ServiceName Service,
    [property: Id(1)] EquatableList<Address> Addresses,
    [property: Id(2)] bool IsAssigned,
    [property: Id(3)] NodeName? Announcer,
    [property: Id(4)] DateTimeOffset? AnnouncedAt,
    [property: Id(5)] Reason Reason,
    [property: Id(6)] string Message)
{
    /// <summary>The part of a summary that others need.</summary>
    public static ServiceState Of(ServiceSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        var (reason, message) = summary.IsAssigned ? (summary.AnnouncerReason, summary.AnnouncerMessage) : (summary.AddressReason, summary.AddressMessage);
        return new(summary.Service, summary.Addresses, summary.IsAssigned, summary.Announcer, summary.AnnouncedAt, reason, message);
    }
}
