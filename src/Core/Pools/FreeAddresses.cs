using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;

namespace OrleansLb.Core.Pools;

/// <summary>Which addresses of a pool nobody has claimed, and which of them is given next. The size of the pool costs nothing.</summary>
internal sealed class FreeAddresses
{
    /// <summary>Claimed addresses, and those to avoid as far as the search has come upon them.</summary>
    private AddressSet _taken = AddressSet.Empty;

    /// <summary>The same with those that rest, where the pool lets addresses rest.</summary>
    private AddressSet _worn = AddressSet.Empty;

    private readonly Dictionary<IpFamily, Address> _last = [];
    private readonly RestingAddresses _resting = new();
    private AddressPool? _pool;

    /// <summary>Addresses of this pool rest before they are given again.</summary>
    public bool Rests(Address address) => _pool is { Order: AddressOrder.LeastRecentlyReleased } pool && pool.Contains(address)
        && !(pool.AvoidBuggyAddresses && BuggyAddress.Is(address));

    /// <inheritdoc cref="RestingAddresses.After"/>
    public DateTimeOffset ReleasedAfter(DateTimeOffset now) => _resting.After(now);

    /// <param name="claims">All that are claimed, those that rest among them.</param>
    public void Configure(AddressPool? pool, IEnumerable<AddressClaim> claims)
    {
        _pool = pool;
        _taken = AddressSet.Empty;
        foreach (var address in _resting.All.Where(address => !Rests(address)).ToList()) _resting.Wake(address);
        foreach (var claim in claims)
        {
            if (!claim.IsResting) _taken = _taken.Add(claim.Address);
            else if (Rests(claim.Address)) _resting.Put(claim.Address, claim.Released!.Value);
        }
        _worn = _resting.All.Aggregate(_taken, (worn, address) => worn.Add(address));
    }

    public void Take(Address address)
    {
        _taken = _taken.Add(address);
        _last[address.Family] = address;
        if (_pool?.Order != AddressOrder.LeastRecentlyReleased) return;
        _resting.Wake(address);
        _worn = _worn.Add(address);
    }

    /// <param name="since">When it was freed; null for now.</param>
    public void Release(Address address, DateTimeOffset? since)
    {
        _taken = _taken.Remove(address);
        if (Rests(address))
        {
            _worn = _worn.Add(address);
            _resting.Put(address, since ?? _resting.After(DateTimeOffset.MinValue));
        }
        else _worn = _worn.Remove(address);
    }

    /// <summary>The address to give next; null when none is free.</summary>
    public Address? Next(IpFamily family) => _pool?.Order switch
    {
        AddressOrder.RoundRobin => After(family),
        AddressOrder.LeastRecentlyReleased => Lowest(ref _worn, family) ?? _resting.Longest(family),
        _ => Lowest(ref _taken, family),
    };

    private Address? Lowest(ref AddressSet used, IpFamily family)
    {
        foreach (var range in _pool?.Ranges ?? [])
        {
            if (range.Family == family && Absent(ref used, range, range.First) is { } free) return free;
        }
        return null;
    }

    /// <summary>The next free one behind the address that was given last; from the beginning again at the end.</summary>
    private Address? After(IpFamily family)
    {
        var passed = false;
        foreach (var range in _last.TryGetValue(family, out var last) ? _pool!.Ranges : [])
        {
            if (range.Family != family || (!passed && !range.Contains(last))) continue;
            if ((passed || last < range.Last) && Absent(ref _taken, range, passed ? range.First : last with { Value = last.Value + 1 }) is { } free) return free;
            passed = true;
        }
        return Lowest(ref _taken, family);
    }

    private Address? Absent(ref AddressSet used, AddressRange range, Address from)
    {
        var free = used.NextAbsent(range, from);
        while (free is { } address && _pool!.AvoidBuggyAddresses && BuggyAddress.Is(address))
        {
            used = used.Add(address);
            free = used.NextAbsent(range, address);
        }
        return free;
    }
}
