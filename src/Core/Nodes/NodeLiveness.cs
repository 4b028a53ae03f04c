namespace OrleansLb.Core.Nodes;

/// <summary>
/// Judges by its heartbeats whether a node lives. Silence is counted in looks, not by the clock: time in which the one who looks stood still
/// counts as one interval at most, so that a busy machine declares nobody dead.
/// </summary>
/// <param name="Silence">The silence observed since the last heartbeat.</param>
/// <param name="LookedAt">The time of the last look.</param>
public readonly record struct NodeLiveness(TimeSpan Silence, DateTimeOffset LookedAt)
{
    public static NodeLiveness Begin(DateTimeOffset now) => new(TimeSpan.Zero, now);

    public NodeLiveness Heard() => this with { Silence = TimeSpan.Zero };

    public NodeLiveness Look(DateTimeOffset now, TimeSpan interval)
    {
        var passed = now - LookedAt;
        var observed = passed < TimeSpan.Zero ? TimeSpan.Zero : passed > interval ? interval : passed;
        return new(Silence + observed, now);
    }

    public bool IsDead(TimeSpan timeout) => Silence >= timeout;
}
