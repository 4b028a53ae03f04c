using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>The configuration's peer as a session needs it, and a session's status as the cluster wants it.</summary>
internal static class PeerTranslation
{
    private static readonly ValueList<Family> Both = [Family.Ipv4Unicast, Family.Ipv6Unicast];

    public static BgpPeerOptions ToOptions(this BgpPeer peer, BgpSpeakerOptions speaker, RouterId fallback) => new()
    {
        Name = peer.Name,
        Settings = Settings(peer, speaker, fallback),
        Address = peer.Address?.ToIPAddress(),
        Port = peer.Port,
        Interface = peer.Interface ?? peer.Vrf, // an unnumbered link of a VRF is bound to itself
        SourceAddress = peer.SourceAddress?.ToIPAddress(),
        Password = peer.Password?.Value,
        Gtsm = peer.Gtsm,
        MultihopTtl = peer.MultihopTtl,
        Ipv4NextHop = peer.NextHop?.Ipv4?.ToIPAddress(),
        Ipv6NextHop = peer.NextHop?.Ipv6?.ToIPAddress(),
    };

    public static PeerStatus ToPeerStatus(this BgpSessionStatus status) => new(
        status.Peer.Name,
        (status.Remote?.Address ?? status.Peer.Address) is { } address ? Address.From(address) : null,
        (PeerState)status.State,
        status.Since,
        status.Session?.Remote.Asn.Value,
        status.Session is { } session ? new Address(IpFamily.IPv4, session.Remote.RouterId.Value) : null,
        status.Session is { } held ? held.HoldTime ?? TimeSpan.Zero : null,
        status.Session is { } alive ? alive.KeepaliveTime ?? TimeSpan.Zero : null,
        CapabilityNames.Of(status.Session),
        status.Flaps,
        status.LastError,
        status.NotificationSent?.ToString(),
        status.NotificationReceived?.ToString(),
        status.Sent,
        status.Received,
        status.Advertised.Routes.Count,
        status.RoutesReceived,
        HeldBack(status.Advertised),
        status.Peer.Settings.LocalAsn.Value,
        status.LastUpdateFault,
        status.Advice,
        new Address(IpFamily.IPv4, status.Peer.Settings.RouterId.Value));

    private static EquatableList<HeldBackRoutes> HeldBack(AdjRibOut rib) => rib.HeldBack
        .CountBy(route => route.Reason)
        .Select(each => new HeldBackRoutes(each.Key.ToString(), each.Value))
        .OrderBy(each => each.Reason, StringComparer.Ordinal)
        .ToEquatableList();

    // A session carries the family of its addresses; both where that was asked for, and where the peer has no address but an interface.
    private static SpeakerSettings Settings(BgpPeer peer, BgpSpeakerOptions speaker, RouterId fallback)
    {
        var family = (peer.Address ?? peer.Range?.Prefix.Network)?.Family; // null on an unnumbered link
        var settings = new SpeakerSettings
        {
            LocalAsn = new(peer.LocalAs ?? peer.LocalAsn),
            RouterId = peer.RouterId is { } id ? new RouterId((uint)id.Value) : fallback,
            PeerAs = ToPeerAs(peer.RemoteAs),
            Families = peer.DualStack || family is null ? Both : [family == IpFamily.IPv4 ? Family.Ipv4Unicast : Family.Ipv6Unicast],
            ExtendedNextHop = family is null || (peer.DualStack && family == IpFamily.IPv6),
            KeepaliveTime = peer.KeepaliveTime,
            Passive = peer.Passive || peer.Range is not null,
            GracefulRestart = peer.GracefulRestart ? new(peer.RestartTime ?? speaker.RestartTime) : null,
            Role = peer.Role is { } role ? ToRole(role) : null,
            StrictRole = peer.StrictRole,
            AddPathSend = peer.AddPath,
        };
        return settings with
        {
            HoldTime = peer.HoldTime is { } hold ? (hold == TimeSpan.Zero ? null : hold) : settings.HoldTime,
            ConnectRetryTime = peer.ConnectRetryTime ?? settings.ConnectRetryTime,
        };
    }

    private static BgpRole ToRole(PeerRole role) => role switch
    {
        PeerRole.Provider => BgpRole.Provider,
        PeerRole.RouteServer => BgpRole.RouteServer,
        PeerRole.RouteServerClient => BgpRole.RouteServerClient,
        PeerRole.Customer => BgpRole.Customer,
        PeerRole.Peer => BgpRole.Peer,
        _ => throw new ArgumentOutOfRangeException(nameof(role), role, "There is no such role."),
    };

    private static PeerAs ToPeerAs(RemoteAs remote) => remote switch
    {
        RemoteAs.Number number => PeerAs.Exactly(new(number.Asn)),
        RemoteAs.Internal => PeerAs.Internal,
        RemoteAs.External => PeerAs.External,
        _ => PeerAs.Any,
    };
}
