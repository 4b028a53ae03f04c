using System.Text.Json.Serialization;

namespace OrleansLb.Kubernetes.Client.Resources;

/// <summary>The metadata of an object (metav1.ObjectMeta), as far as it is used.</summary>
public sealed record ObjectMeta
{
    public string Name { get; init; } = "";

    [JsonConverter(typeof(RepeatedTextConverter))]
    public string? Namespace { get; init; }

    public string? GenerateName { get; init; }

    public string? Uid { get; init; }

    public string? ResourceVersion { get; init; }

    public long? Generation { get; init; }

    public DateTimeOffset? CreationTimestamp { get; init; }

    public DateTimeOffset? DeletionTimestamp { get; init; }

    public Dictionary<string, string>? Labels { get; init; }

    [JsonConverter(typeof(KnownAnnotationsConverter))]
    public Dictionary<string, string>? Annotations { get; init; }

    public List<string>? Finalizers { get; init; }
}

/// <summary>An object of which only the metadata is read.</summary>
public sealed record PartialObject : IApiObject
{
    public string? ApiVersion { get; init; }

    public string? Kind { get; init; }

    public ObjectMeta Metadata { get; init; } = new();
}
