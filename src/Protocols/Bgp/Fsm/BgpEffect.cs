namespace OrleansLb.Protocols.Bgp;

/// <summary>What the owner of a state machine has to do, in order.</summary>
public abstract record BgpEffect
{
    private BgpEffect() { }

    /// <summary>Begin to connect to the peer.</summary>
    public sealed record Dial : BgpEffect;

    /// <summary>Give up the connection that is being made.</summary>
    public sealed record AbandonDial : BgpEffect;

    /// <summary>Take the connection that was just accepted as the incoming one, and read from it.</summary>
    public sealed record Adopt : BgpEffect;

    /// <summary>Close the connection that was just accepted, after saying why.</summary>
    public sealed record Reject(Notification Reason) : BgpEffect;

    /// <summary>Send a message.</summary>
    public sealed record Send(Side Side, BgpMessage Message) : BgpEffect;

    /// <summary>Close a connection once what was sent before has gone out, and stop its timers.</summary>
    public sealed record Close(Side Side) : BgpEffect;

    /// <summary>Start a timer, or start it again.</summary>
    public sealed record StartTimer(BgpTimer Timer, TimeSpan Duration) : BgpEffect;

    /// <summary>Stop a timer, if it runs.</summary>
    public sealed record StopTimer(BgpTimer Timer) : BgpEffect;

    /// <summary>Established: send the routes, then End-of-RIB.</summary>
    public sealed record SessionUp(Side Side, SessionParameters Session) : BgpEffect;

    /// <summary>A connection has ended, and why; if it was established, so has the session.</summary>
    public sealed record ConnectionEnded(Side Side, ConnectionEnd End, bool WasEstablished) : BgpEffect;

    /// <summary>Send the routes of a family again (RFC 2918 §4), between BoRR and EoRR if both sides know them (RFC 7313 §4).</summary>
    public sealed record Readvertise(Side Side, Family Family, bool Bracketed) : BgpEffect;
}

/// <summary>Why a connection ended.</summary>
public sealed record ConnectionEnd(ConnectionEndCause Cause, Notification? Notification = null)
{
    public override string ToString() => Notification is null ? Cause.ToString() : $"{Cause} {Notification}";
}

/// <summary>Who ended a connection, and how.</summary>
public enum ConnectionEndCause
{
    /// <summary>We told the peer why.</summary>
    NotificationSent,

    /// <summary>The peer told us why.</summary>
    NotificationReceived,

    /// <summary>The connection broke, or the peer closed it without a word.</summary>
    ConnectionLost,

    /// <summary>We closed it without a word, so that the peer keeps our routes while we restart.</summary>
    ClosedForRestart,

    /// <summary>The peer restarted and connected anew (RFC 4724 §5).</summary>
    PeerRestarted,
}
