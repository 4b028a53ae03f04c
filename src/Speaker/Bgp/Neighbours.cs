using System.Net;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>The rules for peers that are a range: to which of them a neighbour belongs, and which neighbour makes room for another.</summary>
internal static class Neighbours
{
    /// <summary>How long a neighbour that went away is remembered with what was last wrong.</summary>
    private static readonly TimeSpan ForgetAfter = TimeSpan.FromMinutes(10);

    /// <summary>Before that a session may only not have come to its connection yet.</summary>
    private static readonly TimeSpan AwayAfter = TimeSpan.FromSeconds(3);

    /// <summary>The peer with the narrowest range that has the address; null when none has it.</summary>
    public static BgpPeer? PeerOf(IPAddress address, IEnumerable<BgpPeer> peers)
    {
        var neighbour = Address.From(address);
        return peers
            .Where(peer => peer.Range?.Prefix.Contains(neighbour) == true)
            .OrderByDescending(peer => peer.Range!.Prefix.Length)
            .ThenBy(peer => peer.Name, StringComparer.Ordinal)
            .FirstOrDefault();
    }

    /// <summary>The session's options for one neighbour, from those of its peer.</summary>
    public static BgpPeerOptions OptionsFor(BgpPeerOptions peer, IPAddress address, string peerName) =>
        peer with { Name = SessionName.Of(peerName, Address.From(address)), Address = address };

    /// <summary>Whether a neighbour that has a session is still one under a changed peer.</summary>
    public static bool Admits(BgpPeer peer, IPAddress address) => peer.Range?.Prefix.Contains(Address.From(address)) == true;

    /// <summary>True when nothing is lost with the session: there is no connection, and none has just been accepted.</summary>
    public static bool IsAway(BgpSessionStatus status, DateTimeOffset now) => IsAwayFor(status, now, AwayAfter);

    /// <summary>True when the neighbour went away so long ago that nobody asks for it any more.</summary>
    public static bool IsForgotten(BgpSessionStatus status, DateTimeOffset now) => IsAwayFor(status, now, ForgetAfter);

    private static bool IsAwayFor(BgpSessionStatus status, DateTimeOffset now, TimeSpan time) =>
        status.State is BgpStateName.Idle or BgpStateName.Active && now - status.Since >= time;
}
