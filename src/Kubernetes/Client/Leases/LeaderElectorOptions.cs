namespace OrleansLb.Kubernetes.Client.Leases;

/// <summary>Which lease is stood for, as whom, and how fast it is lost and won (defaults as client-go's).</summary>
public sealed record LeaderElectorOptions(string Namespace, string Name, string Identity)
{
    /// <summary>How long others leave a lease alone after its last change.</summary>
    public TimeSpan LeaseDuration { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A holder that could not renew for this long stops leading: before others may start.</summary>
    public TimeSpan RenewDeadline { get; init; } = TimeSpan.FromSeconds(10);

    public TimeSpan RetryPeriod { get; init; } = TimeSpan.FromSeconds(2);
}
