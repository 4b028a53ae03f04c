using System.Text.Json.Serialization.Metadata;

namespace OrleansLb.Kubernetes.Client.Resources;

/// <summary>A kind of object together with the type that holds the fields of it that we use.</summary>
public sealed record ResourceType<T>(ApiResource Resource, JsonTypeInfo<T> Json, JsonTypeInfo<ObjectList<T>> ListJson)
    where T : class, IApiObject;

/// <summary>An object of the API.</summary>
public interface IApiObject
{
    ObjectMeta Metadata { get; }
}

/// <summary>One page of a list.</summary>
public sealed record ObjectList<T>
{
    public ListMeta Metadata { get; init; } = new();

    public List<T>? Items { get; init; }
}

/// <summary>The metadata of a list (metav1.ListMeta).</summary>
public sealed record ListMeta
{
    public string ResourceVersion { get; init; } = "";

    public string? Continue { get; init; }
}
