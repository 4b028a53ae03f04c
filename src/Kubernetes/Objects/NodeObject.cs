using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Objects;

/// <summary>A v1 Node, as far as it is used.</summary>
public sealed record NodeObject : IApiObject
{
    public ObjectMeta Metadata { get; init; } = new();

    public NodeSpec? Spec { get; init; }

    public NodeStatusPart? Status { get; init; }
}

public sealed record NodeSpec
{
    public List<TaintObject>? Taints { get; init; }
}

public sealed record TaintObject
{
    public string Key { get; init; } = "";

    public string? Effect { get; init; }
}

public sealed record NodeStatusPart
{
    public List<ConditionObject>? Conditions { get; init; }

    public List<NodeAddressObject>? Addresses { get; init; }
}

public sealed record NodeAddressObject
{
    public string Type { get; init; } = "";

    public string Address { get; init; } = "";
}
