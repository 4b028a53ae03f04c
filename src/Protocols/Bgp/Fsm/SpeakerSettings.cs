namespace OrleansLb.Protocols.Bgp;

/// <summary>What the state machine of one peer has to know: who we are to it, what we offer, how long we wait.</summary>
public sealed record SpeakerSettings
{
    public required Asn LocalAsn { get; init; }

    public required RouterId RouterId { get; init; }

    public required PeerAs PeerAs { get; init; }

    public ValueList<Family> Families { get; init; } = [Family.Ipv4Unicast];

    /// <summary>Whole seconds, null for no keepalives at all (RFC 4271 §4.2).</summary>
    public TimeSpan? HoldTime { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Never longer than a third of the negotiated hold time (RFC 4271 §4.4).</summary>
    public TimeSpan? KeepaliveTime { get; init; }

    public TimeSpan ConnectRetryTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The first wait in Idle after a failure; it doubles with each further one (RFC 4271 §8.1.1, DampPeerOscillations).</summary>
    public TimeSpan IdleHoldTime { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan MaxIdleHoldTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A session that lived this long ends the damping.</summary>
    public TimeSpan StabilityTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Null takes the default of RFC 9687 §4: eight minutes or twice the hold time, the longer.</summary>
    public TimeSpan? SendHoldTime { get; init; }

    /// <summary>Wait for the peer to connect, never dial.</summary>
    public bool Passive { get; init; }

    public GracefulRestartSettings? GracefulRestart { get; init; }

    public BgpRole? Role { get; init; }

    /// <summary>A peer that names no role is refused (RFC 9234 §4.2).</summary>
    public bool StrictRole { get; init; }

    /// <summary>Offer IPv6 next hops for IPv4 routes (RFC 8950).</summary>
    public bool ExtendedNextHop { get; init; }

    /// <summary>Offer to send several paths for one prefix (RFC 7911).</summary>
    public bool AddPathSend { get; init; }

    public bool ExtendedMessages { get; init; } = true;
}

/// <summary>How peers shall treat our routes while we restart (RFC 4724, RFC 8538). Forwarding always survives: the kernel does it.</summary>
/// <param name="RestartTime">How long peers wait for us to come back, at most 4095 s.</param>
/// <param name="Restarting">We come back from a restart: the R bit.</param>
/// <param name="Notification">Also keep them over a NOTIFICATION, unless it is a hard reset: the N bit.</param>
public sealed record GracefulRestartSettings(TimeSpan RestartTime, bool Restarting = false, bool Notification = true);
