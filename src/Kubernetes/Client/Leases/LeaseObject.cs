using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Client.Leases;

/// <summary>A coordination.k8s.io/v1 Lease.</summary>
public sealed record LeaseObject : IApiObject
{
    public static readonly ResourceType<LeaseObject> Type =
        new(new ApiResource("coordination.k8s.io", "v1", "leases", "Lease", Namespaced: true), ClientJson.Default.LeaseObject,
            ClientJson.Default.ObjectListLeaseObject);

    public string ApiVersion { get; init; } = "coordination.k8s.io/v1";

    public string Kind { get; init; } = "Lease";

    public ObjectMeta Metadata { get; init; } = new();

    public LeaseSpec? Spec { get; init; }
}

/// <summary>Who holds a lease and for how long.</summary>
public sealed record LeaseSpec
{
    public string? HolderIdentity { get; init; }

    public int? LeaseDurationSeconds { get; init; }

    public MicroTime? AcquireTime { get; init; }

    public MicroTime? RenewTime { get; init; }
}
