namespace OrleansLb.Grains.Status;

/// <summary>How often objects of the Kubernetes API are told how things stand: counts of pools, verdicts on configuration, who announces what.</summary>
public sealed class ReportOptions
{
    public const string Section = "Reports";

    /// <summary>The least time between two writes to one object.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The most objects about announcements that are written in one <see cref="Interval"/>: with thousands of services they follow in the background.
    /// </summary>
    public int ObjectsPerInterval { get; set; } = 100;

    /// <summary>How often what stands in the API is read again and compared: somebody else may have changed it.</summary>
    public TimeSpan CompareInterval { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether MetalLB's <c>ServiceL2Status</c> is written where the cluster has the kind.</summary>
    public bool Announcements { get; set; } = true;

    /// <summary>Between the tries while the API cannot be reached.</summary>
    public TimeSpan RetryLimit { get; set; } = TimeSpan.FromMinutes(1);
}
