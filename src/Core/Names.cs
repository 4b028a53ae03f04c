using System.Diagnostics.CodeAnalysis;

namespace OrleansLb.Core;

/// <summary>A Kubernetes Service by namespace and name; also the key of its grain.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.ServiceName")]
public readonly record struct ServiceName([property: Id(0)] string Namespace, [property: Id(1)] string Name) : IComparable<ServiceName>
{
    public static ServiceName Parse(string text) =>
        TryParse(text, out var name) ? name : throw new FormatException($"'{text}' does not name a service: write NAMESPACE/NAME.");

    public static bool TryParse([NotNullWhen(true)] string? text, out ServiceName name)
    {
        name = default;
        if (text?.Split('/') is not [{ Length: > 0 } ns, { Length: > 0 } service]) return false;
        name = new(ns, service);
        return true;
    }

    public int CompareTo(ServiceName other) =>
        string.CompareOrdinal(Namespace, other.Namespace) is not 0 and var order ? order : string.CompareOrdinal(Name, other.Name);

    public override string ToString() => $"{Namespace}/{Name}";
}

/// <summary>A node by its Kubernetes name.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.NodeName")]
public readonly record struct NodeName([property: Id(0)] string Value) : IComparable<NodeName>
{
    public int CompareTo(NodeName other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}

/// <summary>An address pool by name, unique over all dialects of one cluster.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.PoolName")]
public readonly record struct PoolName([property: Id(0)] string Value) : IComparable<PoolName>
{
    public int CompareTo(PoolName other) => string.CompareOrdinal(Value, other.Value);

    public override string ToString() => Value;
}
