namespace OrleansLb.Speaker;

/// <summary>What became of a plan change.</summary>
public enum PlanOutcome
{
    /// <summary>The speaker follows it.</summary>
    Applied,

    /// <summary>It was there already, or a later one.</summary>
    Stale,

    /// <summary>It builds on a version that the speaker has not: send the whole plan.</summary>
    Gap,
}
