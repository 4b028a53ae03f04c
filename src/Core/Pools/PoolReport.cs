using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Pools;

/// <summary>An address of a pool with the services that hold it, sorted.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.AddressUse")]
public sealed record AddressUse([property: Id(0)] Address Address, [property: Id(1)] EquatableList<ServiceName> Holders);

/// <summary>How full a pool is, for the object that declares it.</summary>
/// <param name="Object">The object that declares the pool.</param>
/// <param name="Uses">The addresses that services hold, lowest first; empty when they are more than <see cref="MostUses"/>.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.PoolReport")]
public sealed record PoolReport(
    [property: Id(0)] ObjectReference Object,
    [property: Id(1)] PoolStatus Status,
    [property: Id(2)] EquatableList<AddressUse> Uses)
{
    /// <summary>As many as an object can list: the API stores none above 1.5 MiB.</summary>
    public const int MostUses = 10_000;

    /// <summary>Null when no object declares the pool any more.</summary>
    public static PoolReport? Of(PoolBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        if (book.Pool is not { } pool) return null;
        return new(pool.Source, PoolCount.Of(book), book.Claims.Count > MostUses ? [] : Held(book).ToEquatableList());
    }

    private static IEnumerable<AddressUse> Held(PoolBook book) =>
        from claim in book.Claims
        where claim.Holders.Count > 0 && claim.Pool == book.Name
        orderby claim.Address
        select new AddressUse(claim.Address, claim.Holders.Select(holder => holder.Service).ToEquatableList());
}
