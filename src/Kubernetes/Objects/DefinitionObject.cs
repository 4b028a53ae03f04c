using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Objects;

/// <summary>An apiextensions.k8s.io/v1 CustomResourceDefinition, as far as it is used.</summary>
public sealed record DefinitionObject : IApiObject
{
    public ObjectMeta Metadata { get; init; } = new();

    public DefinitionSpec? Spec { get; init; }

    public DefinitionStatus? Status { get; init; }

    public bool IsEstablished =>
        Metadata.DeletionTimestamp is null && Status?.Conditions?.Exists(condition => condition is { Type: "Established", Status: "True" }) == true;

    public bool Serves(ApiResource resource) =>
        Spec?.Group == resource.Group && Spec.Names?.Plural == resource.Plural
            && Spec.Versions?.Exists(version => version.Served && version.Name == resource.Version) == true;
}

public sealed record DefinitionSpec
{
    public string? Group { get; init; }

    public DefinitionNames? Names { get; init; }

    public List<DefinitionVersion>? Versions { get; init; }
}

public sealed record DefinitionNames
{
    public string? Plural { get; init; }
}

public sealed record DefinitionVersion
{
    public string? Name { get; init; }

    public bool Served { get; init; }
}

public sealed record DefinitionStatus
{
    public List<ConditionObject>? Conditions { get; init; }
}
