using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Announcements;

/// <summary>The states of a BGP session (RFC 4271 §8.2.2).</summary>
[GenerateSerializer, Alias("orleanslb.PeerState")]
public enum PeerState : byte
{
    Idle,
    Connect,
    Active,
    OpenSent,
    OpenConfirm,
    Established,
}

/// <summary>Messages of a session by type, in one direction.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.MessageCounts")]
public readonly record struct MessageCounts(
    [property: Id(0)] long Open,
    [property: Id(1)] long Update,
    [property: Id(2)] long Notification,
    [property: Id(3)] long Keepalive,
    [property: Id(4)] long RouteRefresh);

/// <summary>Routes that a peer is not told for one reason.</summary>
/// <param name="Reason">CamelCase, as <see cref="HeldBackText"/> explains it: FamilyNotNegotiated, NoNextHop, AttributesTooLong or AnotherPath.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.HeldBackRoutes")]
public readonly record struct HeldBackRoutes([property: Id(0)] string Reason, [property: Id(1)] int Routes);

/// <summary>A BGP session as its speaker sees it.</summary>
/// <param name="Peer">The name of the peer in the configuration; of a neighbour in a range the <see cref="SessionName"/>.</param>
/// <param name="Address">The peer's address; null while an unnumbered peer is not found.</param>
/// <param name="Since">When it came into this state.</param>
/// <param name="RemoteAsn">From its OPEN; null before that.</param>
/// <param name="HoldTime">As negotiated; null before that, zero when none is kept.</param>
/// <param name="Capabilities">What both sides agreed on, by name.</param>
/// <param name="Flaps">How often an established session was lost.</param>
/// <param name="LastError">The last reason for which there was no session, in words.</param>
/// <param name="NotificationSent">The last NOTIFICATION sent, in words.</param>
/// <param name="NotificationReceived">The last NOTIFICATION received, in words.</param>
/// <param name="Advertised">Prefixes that the peer was told.</param>
/// <param name="Received">Prefixes that it told us, counted and dropped.</param>
/// <param name="HeldBack">Routes of the plan that it is not told, by reason, sorted.</param>
/// <param name="LocalAsn">Our autonomous system as we show it to the peer.</param>
/// <param name="Advice">What an operator can do about <paramref name="LastError"/>, as a sentence.</param>
/// <param name="UpdateFault">The last thing that was wrong in its UPDATEs without being worth the session (RFC 7606).</param>
/// <param name="LocalId">Our BGP identifier towards the peer (RFC 6286).</param>
[GenerateSerializer, Immutable, Alias("orleanslb.PeerStatus")]
public sealed record PeerStatus(
    [property: Id(0)] string Peer,
    [property: Id(1)] Address? Address,
    [property: Id(2)] PeerState State,
    [property: Id(3)] DateTimeOffset Since,
    [property: Id(4)] uint? RemoteAsn,
    [property: Id(5)] Address? RemoteId,
    [property: Id(6)] TimeSpan? HoldTime,
    [property: Id(7)] TimeSpan? KeepaliveTime,
    [property: Id(8)] EquatableList<string> Capabilities,
    [property: Id(9)] int Flaps,
    [property: Id(10)] string? LastError,
    [property: Id(11)] string? NotificationSent,
    [property: Id(12)] string? NotificationReceived,
    [property: Id(13)] MessageCounts Sent,
    [property: Id(14)] MessageCounts Read,
    [property: Id(15)] int Advertised,
    [property: Id(16)] long Received,
    [property: Id(17)] EquatableList<HeldBackRoutes> HeldBack = default,
    [property: Id(18)] uint LocalAsn = 0,
    [property: Id(19)] string? UpdateFault = null,
    [property: Id(20)] string? Advice = null,
    [property: Id(21)] Address? LocalId = null);
