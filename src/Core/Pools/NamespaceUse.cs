using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Core.Pools;

/// <summary>What a service's namespace holds of a pool, or of several.</summary>
/// <param name="Held">Addresses that services of the namespace hold; one that they share counts once.</param>
/// <param name="Own">Those among them that the service alone holds in its namespace: they go if it gets others.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.NamespaceUse")]
public sealed record NamespaceUse([property: Id(0)] int Held, [property: Id(1)] EquatableList<Address> Own)
{
    public static NamespaceUse Sum(IEnumerable<NamespaceUse> uses)
    {
        var all = uses.ToList();
        return new(all.Sum(use => use.Held), all.SelectMany(use => use.Own).ToEquatableList());
    }

    /// <summary>What a pool must know of the quota when the rest of the pools are used like this.</summary>
    public NamespaceAllowance Under(AddressQuota quota)
    {
        ArgumentNullException.ThrowIfNull(quota);
        return new(quota.Name, quota.Addresses, this);
    }
}

/// <summary>How many addresses a namespace may hold in all pools together.</summary>
/// <param name="Quota">The name of the AddressQuota that says so.</param>
/// <param name="Elsewhere">What it holds in the other pools.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.NamespaceAllowance")]
public sealed record NamespaceAllowance([property: Id(0)] string Quota, [property: Id(1)] int Limit, [property: Id(2)] NamespaceUse Elsewhere)
{
    /// <summary>Allows what is held to be kept, and nothing else.</summary>
    public static NamespaceAllowance Nothing { get; } = new("", 0, new(0, []));
}
