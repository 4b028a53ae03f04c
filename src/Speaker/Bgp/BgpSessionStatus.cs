using System.Net;
using OrleansLb.Core.Announcements;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>A session at one moment.</summary>
public sealed record BgpSessionStatus
{
    public required BgpPeerOptions Peer { get; init; }

    public BgpStateName State { get; init; }

    /// <summary>When it came into this state.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>The addresses of the connection; null without one.</summary>
    public IPEndPoint? Local { get; init; }

    public IPEndPoint? Remote { get; init; }

    /// <summary>What was agreed on, while established.</summary>
    public SessionParameters? Session { get; init; }

    /// <summary>How often an established session was lost.</summary>
    public int Flaps { get; init; }

    /// <summary>Why there was no session the last time that there was none.</summary>
    public string? LastError { get; init; }

    /// <summary>What an operator can do about <see cref="LastError"/>.</summary>
    public string? Advice { get; init; }

    public Notification? NotificationSent { get; init; }

    public Notification? NotificationReceived { get; init; }

    public MessageCounts Sent { get; init; }

    public MessageCounts Received { get; init; }

    /// <summary>Routes that the peer announced and withdrew; they are counted and dropped.</summary>
    public long RoutesReceived { get; init; }

    public long RoutesWithdrawn { get; init; }

    /// <summary>The last thing that was wrong in its UPDATEs without being worth the session (RFC 7606).</summary>
    public string? LastUpdateFault { get; init; }

    /// <summary>The peer keeps our routes when we go without a word (RFC 4724 §4).</summary>
    public bool KeepsRoutes => Session is { } session && session.Local.Has<Capability.GracefulRestart>() && session.Remote.Has<Capability.GracefulRestart>();

    /// <summary>What the peer has been told, and what not and why.</summary>
    public AdjRibOut Advertised { get; init; } = AdjRibOut.Empty;
}
