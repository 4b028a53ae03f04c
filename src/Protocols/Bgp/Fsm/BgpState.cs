namespace OrleansLb.Protocols.Bgp;

/// <summary>The six states (RFC 4271 §8.2.2).</summary>
public enum BgpStateName
{
    Idle,
    Connect,
    Active,
    OpenSent,
    OpenConfirm,
    Established,
}

/// <summary>What a peer without a connection is doing about one.</summary>
public enum DialPhase
{
    /// <summary>Idle: not wanted.</summary>
    Stopped,

    /// <summary>Idle: the last attempt failed, the next has to wait (DampPeerOscillations).</summary>
    Held,

    /// <summary>Connect: a connection is being made.</summary>
    Dialing,

    /// <summary>Active, or busy on a connection: listening, the next attempt comes with the ConnectRetry timer.</summary>
    Waiting,
}

/// <summary>A connection on which OPENs have begun to flow.</summary>
public abstract record BgpLink
{
    private BgpLink() { }

    /// <summary>The state that RFC 4271 gives it.</summary>
    public abstract BgpStateName Name { get; }

    /// <summary>What both OPENs agree on; null before the peer's is here.</summary>
    public SessionParameters? Agreed => this switch
    {
        OpenConfirm confirm => confirm.Session,
        Established established => established.Session,
        _ => null,
    };

    /// <summary>The connection with these parameters instead; unchanged before there are any.</summary>
    public BgpLink Under(SessionParameters session) => this switch
    {
        OpenConfirm => new OpenConfirm(session),
        Established => new Established(session),
        _ => this,
    };

    /// <summary>Our OPEN is sent, the peer's is not here.</summary>
    public sealed record OpenSent(OpenMessage Open) : BgpLink
    {
        public override BgpStateName Name => BgpStateName.OpenSent;
    }

    /// <summary>Both OPENs agree; its KEEPALIVE is not here.</summary>
    public sealed record OpenConfirm(SessionParameters Session) : BgpLink
    {
        public override BgpStateName Name => BgpStateName.OpenConfirm;
    }

    /// <summary>Routes may flow.</summary>
    public sealed record Established(SessionParameters Session) : BgpLink
    {
        public override BgpStateName Name => BgpStateName.Established;
    }
}

/// <summary>Where a peer stands: its dialling, and up to two connections until the collision is resolved.</summary>
/// <param name="Failures">Failed sessions in a row: the ConnectRetryCounter.</param>
/// <param name="PlainOpen">The peer does not know capabilities: leave them out.</param>
public sealed record BgpState(DialPhase Phase, int Failures = 0, bool PlainOpen = false, BgpLink? Outgoing = null, BgpLink? Incoming = null)
{
    /// <summary>A peer that nobody wants yet.</summary>
    public static BgpState Initial { get; } = new(DialPhase.Stopped);

    /// <summary>The state of the connection that has come furthest.</summary>
    public BgpStateName Name => Furthest?.Name ?? Phase switch
    {
        DialPhase.Dialing => BgpStateName.Connect,
        DialPhase.Waiting => BgpStateName.Active,
        _ => BgpStateName.Idle,
    };

    /// <summary>What was agreed on, by the connection that has come furthest; null before both OPENs are here.</summary>
    public SessionParameters? Session =>
        Outgoing is BgpLink.Established outgoing ? outgoing.Session
        : Incoming is BgpLink.Established incoming ? incoming.Session
        : null;

    /// <summary>The connection of that side; null when it has none.</summary>
    public BgpLink? this[Side side] => side == Side.Outgoing ? Outgoing : Incoming;

    /// <summary>With another connection on that side, or none.</summary>
    public BgpState With(Side side, BgpLink? link) => side == Side.Outgoing ? this with { Outgoing = link } : this with { Incoming = link };

    private BgpLink? Furthest => Outgoing?.Name > Incoming?.Name || Incoming is null ? Outgoing : Incoming;
}

/// <summary>What follows from an event.</summary>
public sealed record Transition(BgpState State, ValueList<BgpEffect> Effects = default);

/// <summary>A factor between 0.75 and 1 on durations, so that peers do not march in step (RFC 4271 §10). The caller draws it.</summary>
public readonly record struct Jitter
{
    public const double Min = 0.75;

    private readonly double _cut;

    /// <param name="share">0 for the shortest, 1 for the full duration.</param>
    public static Jitter Of(double share) => new(Math.Clamp(share, 0, 1));

    private Jitter(double share) => _cut = (1 - Min) * (1 - share);

    /// <summary>The full duration: also the default value.</summary>
    public static Jitter None => default;

    public TimeSpan Apply(TimeSpan duration) => duration * (1 - _cut);
}
