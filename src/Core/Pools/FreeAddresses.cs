using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;

namespace OrleansLb.Core.Pools;

/// <summary>Which addresses of a pool nobody has claimed, and which of them is given next. The size of the pool costs nothing.</summary>
internal sealed class FreeAddresses
{
    /// <summary>Claimed addresses, those that rest, and those to avoid as far as the search has come upon them.</summary>
    private AddressSet _taken = new();

    private readonly Dictionary<IpFamily, Address> _last = [];
    private readonly RestingAddresses _resting = new();
    private AddressPool? _pool;

    /// <summary>The pool's ranges, without what no host can have.</summary>
    private AddressRange[] _ranges = [];

    /// <summary>Addresses of this pool rest before they are given again.</summary>
    public bool Rests(Address address) => _pool is { Order: AddressOrder.LeastRecentlyReleased } pool && pool.GivesUnasked(address);

    /// <inheritdoc cref="RestingAddresses.After"/>
    public DateTimeOffset ReleasedAfter(DateTimeOffset now) => _resting.After(now);

    /// <param name="claims">All that are claimed, those that rest among them.</param>
    public void Configure(AddressPool? pool, IEnumerable<AddressClaim> claims)
    {
        _pool = pool;
        _ranges = [.. (pool?.Ranges ?? []).SelectMany(HostAddresses.In)];
        _taken = new();
        foreach (var address in _resting.All.Where(address => !Rests(address)).ToList()) _resting.Wake(address);
        foreach (var claim in claims)
        {
            if (!claim.IsResting) _taken.Add(claim.Address);
            else if (Rests(claim.Address)) _resting.Put(claim.Address, claim.Released!.Value);
        }
        foreach (var address in _resting.All) _taken.Add(address);
    }

    public void Take(Address address)
    {
        _last[address.Family] = address;
        _resting.Wake(address);
        _taken.Add(address);
    }

    /// <param name="since">When it was freed; null for now.</param>
    public void Release(Address address, DateTimeOffset? since)
    {
        if (!Rests(address))
        {
            _taken.Remove(address);
            return;
        }
        _resting.Put(address, since ?? _resting.After(DateTimeOffset.MinValue));
        _taken.Add(address);
    }

    /// <summary>The address to give next; null when none is free.</summary>
    public Address? Next(IpFamily family) => _pool?.Order switch
    {
        AddressOrder.RoundRobin => After(family),
        AddressOrder.LeastRecentlyReleased => Lowest(family) ?? _resting.Longest(family),
        _ => Lowest(family),
    };

    private Address? Lowest(IpFamily family)
    {
        foreach (var range in _ranges)
        {
            if (range.Family == family && Absent(range, range.First) is { } free) return free;
        }
        return null;
    }

    /// <summary>The next free one behind the address that was given last; from the beginning again at the end.</summary>
    private Address? After(IpFamily family)
    {
        var passed = false;
        foreach (var range in _last.TryGetValue(family, out var last) ? _ranges : [])
        {
            if (range.Family != family || (!passed && !range.Contains(last))) continue;
            if ((passed || last < range.Last) && Absent(range, passed ? range.First : last with { Value = last.Value + 1 }) is { } free) return free;
            passed = true;
        }
        return Lowest(family);
    }

    private Address? Absent(AddressRange range, Address from)
    {
        var free = _taken.NextAbsent(range, from);
        while (free is { } address && _pool!.Avoids(address))
        {
            _taken.Add(address);
            free = _taken.NextAbsent(range, address);
        }
        return free;
    }
}
