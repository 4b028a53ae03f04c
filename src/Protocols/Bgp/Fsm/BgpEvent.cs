namespace OrleansLb.Protocols.Bgp;

/// <summary>Which of the two connections that a pair of speakers may have for a moment (RFC 4271 §6.8).</summary>
public enum Side
{
    /// <summary>We dialled.</summary>
    Outgoing,

    /// <summary>The peer dialled.</summary>
    Incoming,
}

/// <summary>The timers of a peer (RFC 4271 §8; SendHold is RFC 9687).</summary>
public enum BgpTimerKind
{
    ConnectRetry,
    IdleHold,
    Stability,
    Hold,
    Keepalive,
    SendHold,
}

/// <summary>One timer; those of the peer as a whole stand on the outgoing side.</summary>
public readonly record struct BgpTimer(BgpTimerKind Kind, Side Side = Side.Outgoing)
{
    public override string ToString() => Kind is BgpTimerKind.Hold or BgpTimerKind.Keepalive or BgpTimerKind.SendHold ? $"{Kind} {Side}" : Kind.ToString();
}

/// <summary>What happens to a peer (RFC 4271 §8.1).</summary>
public abstract record BgpEvent
{
    private BgpEvent() { }

    /// <summary>Events 1 and 3: somebody wants this session.</summary>
    public sealed record Start : BgpEvent;

    /// <summary>Event 2: nobody wants it any more. Without a farewell the peer sees a lost connection, and a graceful restart begins.</summary>
    public sealed record Stop(Notification? Farewell) : BgpEvent;

    /// <summary>Something else, such as BFD, found the peer gone (RFC 5882 §4.2): end the session and try again.</summary>
    public sealed record Fail(Notification Reason) : BgpEvent;

    /// <summary>Events 16 and 17 for the connection that we began.</summary>
    public sealed record Dialed : BgpEvent;

    /// <summary>Event 18 for the connection that we began.</summary>
    public sealed record DialFailed : BgpEvent;

    /// <summary>Event 14: the peer has connected to us, and its address and security are right.</summary>
    public sealed record Accepted : BgpEvent;

    /// <summary>Events 9 to 13.</summary>
    public sealed record TimerExpired(BgpTimer Timer) : BgpEvent;

    /// <summary>Events 19, 24, 25 and 26, and ROUTE-REFRESH.</summary>
    public sealed record Received(Side Side, BgpMessage Message) : BgpEvent;

    /// <summary>Event 27, judged already.</summary>
    public sealed record UpdateReceived(Side Side, ReceivedUpdate Update) : BgpEvent;

    /// <summary>Events 21, 22 and 28: a message that cannot be read, and what to tell the peer about it.</summary>
    public sealed record Malformed(Side Side, Notification Error) : BgpEvent;

    /// <summary>Event 18 for a connection that was up.</summary>
    public sealed record Closed(Side Side) : BgpEvent;

    /// <summary>The network took what we had to send (RFC 9687 §3).</summary>
    public sealed record Written(Side Side) : BgpEvent;
}
