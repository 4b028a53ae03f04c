using System.Text.Json.Nodes;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.Storage;

/// <summary>Where an object stands within its resource; the namespace is empty for cluster-scoped ones.</summary>
public readonly record struct ObjectKey(string Namespace, string Name)
{
    public static ObjectKey Of(JsonObject tree) =>
        tree.Object("metadata") is { } metadata ? new(metadata.Text("namespace") ?? "", metadata.Text("name") ?? "") : default;

    public int Compare(ObjectKey other) =>
        string.CompareOrdinal(Namespace, other.Namespace) is not 0 and var order ? order : string.CompareOrdinal(Name, other.Name);

    public override string ToString() => Namespace.Length == 0 ? Name : $"{Namespace}/{Name}";
}
