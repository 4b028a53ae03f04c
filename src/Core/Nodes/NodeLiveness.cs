namespace OrleansLb.Core.Nodes;

/// <summary>
/// Judges by its heartbeats whether a node lives. Silence is counted in looks, not by the clock: a look counts as one interval at most, and one
/// that comes late counts less, down to nothing, because the machine that delayed it may have delayed the heartbeats too.
/// </summary>
/// <param name="Silence">The silence observed since the last heartbeat.</param>
/// <param name="LookedAt">The time of the last look.</param>
public readonly record struct NodeLiveness(TimeSpan Silence, DateTimeOffset LookedAt)
{
    /// <summary>A look that comes within so many intervals of the last is in time.</summary>
    private const double LateAfter = 1.5;

    public static NodeLiveness Begin(DateTimeOffset now) => new(TimeSpan.Zero, now);

    public NodeLiveness Heard() => this with { Silence = TimeSpan.Zero };

    public NodeLiveness Look(DateTimeOffset now, TimeSpan interval)
    {
        var passed = now - LookedAt;
        var late = passed - (interval * LateAfter);
        var observed = passed < interval ? passed : late <= TimeSpan.Zero ? interval : interval - late;
        return new(Silence + (observed > TimeSpan.Zero ? observed : TimeSpan.Zero), now);
    }

    public bool IsDead(TimeSpan timeout) => Silence >= timeout;
}
