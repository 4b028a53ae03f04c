using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Forecasting;

/// <summary>What is to become of a service's addresses.</summary>
public enum AddressOutlook
{
    /// <summary>It has none, and gets none.</summary>
    Pending,

    /// <summary>It keeps what it has.</summary>
    Kept,

    /// <summary>It gets what it lacks, and keeps what it has.</summary>
    Gained,

    /// <summary>
    /// It keeps what it has as long as it lives, but would not get it again: no pool has it any more, or the service's own request is refused.
    /// </summary>
    KeptForNow,

    /// <summary>It gets other addresses than it has.</summary>
    Changed,

    /// <summary>It loses an address and gets none for it.</summary>
    Lost,
}

/// <summary>Who announces a service: a node by ARP and NDP, or nodes and their peers by BGP.</summary>
/// <param name="Node">The announcer on the segment; null when there is none.</param>
/// <param name="Routes">By whom, to whom and as what it is announced by BGP, sorted.</param>
/// <param name="Message">Why that node, or why none.</param>
public sealed record AnnouncerOutlook(NodeName? Node, EquatableList<string> Routes, string Message);

/// <summary>What a change of configuration means for one service.</summary>
/// <param name="Has">Its addresses before.</param>
/// <param name="Gets">Its addresses after.</param>
/// <param name="Message">Why, for an operator.</param>
/// <param name="Before">Null where nothing is known of nodes.</param>
/// <param name="After">Likewise.</param>
public sealed record ServiceOutlook(
    ServiceName Service,
    EquatableList<Address> Has,
    EquatableList<Address> Gets,
    AddressOutlook Addresses,
    string Message,
    AnnouncerOutlook? Before = null,
    AnnouncerOutlook? After = null)
{
    /// <summary>Another node is to announce it, or some announcement of it ends.</summary>
    public bool AnnouncerChanges =>
        Before is not null && After is not null && (Before.Node != After.Node || Before.Routes.Any(route => !After.Routes.Contains(route)));

    /// <summary>Its clients would notice, now or when it is made anew.</summary>
    public bool IsAffected => Addresses is AddressOutlook.Changed or AddressOutlook.Lost or AddressOutlook.KeptForNow || AnnouncerChanges;
}
