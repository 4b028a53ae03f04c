using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;

namespace OrleansLb.Core.Pools;

/// <summary>Counts a pool's addresses.</summary>
public static class PoolCount
{
    public static PoolStatus Of(PoolBook book)
    {
        ArgumentNullException.ThrowIfNull(book);
        var families = book.Claims.Where(claim => !claim.IsResting && IsOf(book, claim)).Select(claim => claim.Address.Family)
            .Concat((book.Pool?.Ranges ?? []).Select(range => range.Family))
            .Distinct()
            .Order()
            .Select(family => Of(book, family));
        return new(book.Name, book.Pool is not null, book.Pool?.Disabled == true, book.Pool?.Ranges ?? [], families.ToEquatableList());
    }

    /// <summary>A reservation that names no pool is of the pool that has its address.</summary>
    private static bool IsOf(PoolBook book, AddressClaim claim) => claim.Pool == book.Name || book.Pool?.Contains(claim.Address) == true;

    /// <summary>The addresses of the family that may be given; saturates.</summary>
    public static UInt128 TotalOf(AddressPool pool, IpFamily family)
    {
        ArgumentNullException.ThrowIfNull(pool);
        UInt128 total = 0;
        foreach (var range in pool.Ranges.SelectMany(HostAddresses.In))
        {
            if (range.Family != family) continue;
            var size = range.Size - (pool.AvoidBuggyAddresses ? BuggyAddress.CountIn(range) : 0);
            total = UInt128.MaxValue - total < size ? UInt128.MaxValue : total + size;
        }
        return total;
    }

    private static FamilyCount Of(PoolBook book, IpFamily family)
    {
        var (held, reserved, quarantined, outside) = (0, 0, 0, 0);
        UInt128 inPool = 0;
        foreach (var claim in book.Claims)
        {
            if (claim.IsResting || claim.Address.Family != family || !IsOf(book, claim)) continue;
            if (claim.Holders.Count > 0) held++;
            else if (claim.Quarantine is not null) quarantined++;
            else reserved++;
            if (claim.Holders.Count > 0 && book.Pool?.Contains(claim.Address) != true) outside++;
            if (book.Pool?.GivesUnasked(claim.Address) == true) inPool++;
        }
        var total = book.Pool is null ? 0 : TotalOf(book.Pool, family);
        return new(family, total, held, reserved, total - inPool, quarantined, outside);
    }
}
