namespace OrleansLb.Speaker.Announcing;

/// <summary>When a taken address is told to the segment.</summary>
public sealed record AnnouncementOptions
{
    /// <summary>
    /// Between two announcements of one address. Above one second, for which a Linux neighbour entry ignores a second change (<c>locktime</c>).
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1.1);

    /// <summary>How long after the first announcement they are repeated. RFC 5227 §2.3 asks for two at least, RFC 4861 §7.2.6 for up to three.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After that, once in this time, against switches that forget stations sooner than hosts forget addresses; null: never.</summary>
    public TimeSpan? Refresh { get; init; }

    /// <summary>How many addresses are told in one go; a node that takes over hundreds must not overflow the queues on the way.</summary>
    public int Burst { get; init; } = 64;

    /// <summary>Between two such bursts.</summary>
    public TimeSpan BurstGap { get; init; } = TimeSpan.FromMilliseconds(5);
}
