namespace OrleansLb.Protocols.Bgp;

/// <summary>What the state machine of one peer has to know: who we are to it, what we offer, how long we wait.</summary>
public sealed record SpeakerSettings
{
    /// <summary>Our AS, of two or four octets (RFC 6793).</summary>
    public required Asn LocalAsn { get; init; }

    /// <summary>Our BGP Identifier.</summary>
    public required RouterId RouterId { get; init; }

    /// <summary>Of which AS the peer must be; the OPEN of another is refused (RFC 4271 §6.2).</summary>
    public required PeerAs PeerAs { get; init; }

    /// <summary>The families that are offered; the session carries those that the peer offers too (RFC 4760 §8).</summary>
    public ValueList<Family> Families { get; init; } = [Family.Ipv4Unicast];

    /// <summary>Whole seconds, null for no keepalives at all (RFC 4271 §4.2).</summary>
    public TimeSpan? HoldTime { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Never longer than a third of the negotiated hold time (RFC 4271 §4.4).</summary>
    public TimeSpan? KeepaliveTime { get; init; }

    /// <summary>How long a connection may be in the making before the next is tried (RFC 4271 §10).</summary>
    public TimeSpan ConnectRetryTime { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The first wait in Idle after a failure; it doubles with each further one (RFC 4271 §8.1.1, DampPeerOscillations).</summary>
    public TimeSpan IdleHoldTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest wait in Idle, however many failures went before.</summary>
    public TimeSpan MaxIdleHoldTime { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>A session that lived this long ends the damping.</summary>
    public TimeSpan StabilityTime { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Null takes the default of RFC 9687 §4: eight minutes or twice the hold time, the longer.</summary>
    public TimeSpan? SendHoldTime { get; init; }

    /// <summary>Wait for the peer to connect, never dial.</summary>
    public bool Passive { get; init; }

    /// <summary>Null: peers are not asked to keep our routes while we restart.</summary>
    public GracefulRestartSettings? GracefulRestart { get; init; }

    /// <summary>What we are to the peer; null names no role (RFC 9234 §4.1).</summary>
    public BgpRole? Role { get; init; }

    /// <summary>A peer that names no role is refused (RFC 9234 §4.2).</summary>
    public bool StrictRole { get; init; }

    /// <summary>Offer IPv6 next hops for IPv4 routes (RFC 8950).</summary>
    public bool ExtendedNextHop { get; init; }

    /// <summary>Offer to send several paths for one prefix (RFC 7911).</summary>
    public bool AddPathSend { get; init; }

    /// <summary>Offer to take messages of up to 65,535 octets (RFC 8654).</summary>
    public bool ExtendedMessages { get; init; } = true;
}

/// <summary>How peers shall treat our routes while we restart (RFC 4724, RFC 8538). Forwarding always survives: the kernel does it.</summary>
/// <param name="RestartTime">How long peers wait for us to come back, at most 4095 s.</param>
/// <param name="Restarting">We come back from a restart: the R bit.</param>
/// <param name="Notification">Also keep them over a NOTIFICATION, unless it is a hard reset: the N bit.</param>
public sealed record GracefulRestartSettings(TimeSpan RestartTime, bool Restarting = false, bool Notification = true);
