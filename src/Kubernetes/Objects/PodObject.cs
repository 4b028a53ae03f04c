using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Objects;

/// <summary>A v1 Pod, as far as it is used.</summary>
public sealed record PodObject : IApiObject
{
    public ObjectMeta Metadata { get; init; } = new();

    public PodStatusPart? Status { get; init; }

    /// <summary>Its containers have ended and will not be started again.</summary>
    public bool HasEnded => Status?.Phase is "Succeeded" or "Failed";
}

public sealed record PodStatusPart
{
    public string? Phase { get; init; }
}
