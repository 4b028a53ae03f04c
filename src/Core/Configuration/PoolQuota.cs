namespace OrleansLb.Core.Configuration;

/// <summary>How many addresses of a pool a namespace may hold.</summary>
/// <param name="PerNamespace">For each namespace that <paramref name="Namespaces"/> does not name; null sets no bound.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.AddressQuota")]
public sealed record PoolQuota([property: Id(0)] int? PerNamespace, [property: Id(1)] EquatableList<NamespaceQuota> Namespaces)
{
    public static PoolQuota None { get; } = new(null, []);

    /// <summary>How many addresses the namespace may hold; null for any number.</summary>
    public int? Of(string @namespace)
    {
        foreach (var named in Namespaces)
        {
            if (named.Namespace == @namespace) return named.Addresses;
        }
        return PerNamespace;
    }
}

/// <summary>The quota of one namespace.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.NamespaceQuota")]
public readonly record struct NamespaceQuota([property: Id(0)] string Namespace, [property: Id(1)] int Addresses);
