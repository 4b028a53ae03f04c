namespace OrleansLb.Kubernetes.Membership;

/// <summary>Which cluster of silos is meant, and where its objects stand.</summary>
/// <param name="Namespace">Where the SiloCluster and the Leases are.</param>
public sealed record MembershipOptions(string Namespace, string ServiceId, string ClusterId)
{
    /// <summary>The service that every cluster of OrleansLb is, to Orleans.</summary>
    public const string UsualServiceId = "orleanslb";

    /// <summary>The pod that this process is; null outside of a cluster.</summary>
    public PodIdentity? Pod { get; init; }

    /// <summary>How long one operation may take, its requests together: membership had rather hear of an outage than wait for its end.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>One pod, and no other that may bear its name later.</summary>
public sealed record PodIdentity(string Name, string Uid);
