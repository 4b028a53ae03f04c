namespace OrleansLb.Silo.Hosting;

/// <summary>When the membership's table answered this process, and its last outage, all by the clock of the day.</summary>
/// <param name="At">The last answer.</param>
internal sealed record TableContact(DateTimeOffset At)
{
    /// <summary>The last answer before the last outage; null when there was none.</summary>
    private DateTimeOffset? Began { get; init; }

    /// <summary>The first answer after the last outage; null while it lasts.</summary>
    private DateTimeOffset? Ended { get; init; }

    public TableContact Answered(DateTimeOffset now) => this with { At = now, Ended = Began is null ? null : Ended ?? now };

    /// <param name="now">When it did not answer.</param>
    /// <param name="patience">An outage that ended less than this ago goes on.</param>
    public TableContact Lost(DateTimeOffset now, TimeSpan patience) =>
        Began is null || now - Ended >= patience ? this with { Began = At, Ended = null } : this with { Ended = null };

    /// <summary>When a silo that spoke at that time has spoken last, if the outage is left out.</summary>
    public DateTimeOffset Forgive(DateTimeOffset spoke)
    {
        if (Began is not { } began || Ended is not { } ended || spoke >= ended) return spoke;
        return spoke + (ended - (spoke > began ? spoke : began));
    }
}
