using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Objects;

/// <summary>A discovery.k8s.io/v1 EndpointSlice, as far as it is used.</summary>
public sealed record EndpointSliceObject : IApiObject
{
    public ObjectMeta Metadata { get; init; } = new();

    public string? AddressType { get; init; }

    public List<EndpointObject>? Endpoints { get; init; }
}

public sealed record EndpointObject
{
    public List<string>? Addresses { get; init; }

    public EndpointConditions? Conditions { get; init; }

    public string? NodeName { get; init; }
}

/// <summary>Unknown (null) means ready, serving, and not terminating.</summary>
public sealed record EndpointConditions
{
    public bool? Ready { get; init; }

    public bool? Serving { get; init; }

    public bool? Terminating { get; init; }
}
