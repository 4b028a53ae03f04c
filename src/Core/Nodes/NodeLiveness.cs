namespace OrleansLb.Core.Nodes;

/// <summary>
/// Judges by its heartbeats whether a node lives. Silence is counted in looks, not by the clock: a look counts as one interval at most, and one
/// that comes late counts less, down to nothing, because the machine that delayed it may have delayed the heartbeats too.
/// </summary>
/// <param name="Silence">The silence observed since the last heartbeat.</param>
/// <param name="LookedAt">The time of the last look.</param>
/// <param name="Excused">How much silence since the last heartbeat was put down to a judge that is slow itself.</param>
public readonly record struct NodeLiveness(TimeSpan Silence, DateTimeOffset LookedAt, TimeSpan Excused = default)
{
    /// <summary>No more than this many time-outs are excused in a row: a slow judge must find the dead too.</summary>
    public const int MostExcused = 4;

    /// <summary>A look that comes within so many intervals of the last is in time.</summary>
    private const double LateAfter = 1.5;

    public static NodeLiveness Begin(DateTimeOffset now) => new(TimeSpan.Zero, now);

    public NodeLiveness Heard() => this with { Silence = TimeSpan.Zero, Excused = TimeSpan.Zero };

    /// <summary>
    /// Before a verdict the judge takes a turn of its own. When that takes longer than an interval, heartbeats may be waiting as it
    /// did, and the silence of that time does not count.
    /// </summary>
    public NodeLiveness Waited(TimeSpan forTurn, TimeSpan interval, TimeSpan timeout)
    {
        if (forTurn <= interval || Silence == TimeSpan.Zero) return this;
        var left = (timeout * MostExcused) - Excused;
        var excused = forTurn < left ? forTurn : left > TimeSpan.Zero ? left : TimeSpan.Zero;
        return this with { Silence = Silence > excused ? Silence - excused : TimeSpan.Zero, Excused = Excused + excused };
    }

    public NodeLiveness Look(DateTimeOffset now, TimeSpan interval)
    {
        var passed = now - LookedAt;
        var late = passed - (interval * LateAfter);
        var observed = passed < interval ? passed : late <= TimeSpan.Zero ? interval : interval - late;
        return this with { Silence = Silence + (observed > TimeSpan.Zero ? observed : TimeSpan.Zero), LookedAt = now };
    }

    public bool IsDead(TimeSpan timeout) => Silence >= timeout;
}
