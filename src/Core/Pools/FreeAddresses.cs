using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Core.Pools;

/// <summary>Which addresses of a pool nobody has claimed, and which of them is given next. The size of the pool costs nothing.</summary>
internal sealed class FreeAddresses
{
    /// <summary>Claimed addresses, and those to avoid as far as the search has come upon them.</summary>
    private AddressSet _taken = AddressSet.Empty;

    /// <summary>The same with those that rest, where the pool lets addresses rest.</summary>
    private AddressSet _worn = AddressSet.Empty;

    private readonly Dictionary<IpFamily, Address> _last = [];
    private readonly Dictionary<Address, long> _restingSince = [];
    private readonly SortedSet<(long Since, Address Address)> _resting = [];
    private long _releases;
    private AddressPool? _pool;

    private bool Rests => _pool?.Order == AddressOrder.LeastRecentlyReleased;

    public void Configure(AddressPool? pool, IEnumerable<Address> claimed)
    {
        _pool = pool;
        _taken = claimed.Aggregate(AddressSet.Empty, (taken, address) => taken.Add(address));
        foreach (var address in _restingSince.Keys.Where(address => !Rests || !pool!.Contains(address)).ToList()) Wake(address);
        _worn = _restingSince.Keys.Aggregate(_taken, (worn, address) => worn.Add(address));
    }

    public void Take(Address address)
    {
        _taken = _taken.Add(address);
        _last[address.Family] = address;
        if (!Rests) return;
        Wake(address);
        _worn = _worn.Add(address);
    }

    public void Release(Address address)
    {
        _taken = _taken.Remove(address);
        if (!Rests) return;
        if (!_pool!.Contains(address))
        {
            _worn = _worn.Remove(address);
            return;
        }
        _restingSince[address] = ++_releases;
        _resting.Add((_releases, address));
    }

    /// <summary>The address to give next; null when none is free.</summary>
    public Address? Next(IpFamily family) => _pool?.Order switch
    {
        AddressOrder.RoundRobin => After(family),
        AddressOrder.LeastRecentlyReleased => Lowest(ref _worn, family) ?? LongestResting(family),
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

    private Address? LongestResting(IpFamily family)
    {
        foreach (var (_, address) in _resting)
        {
            if (address.Family == family) return address;
        }
        return null;
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

    private void Wake(Address address)
    {
        if (_restingSince.Remove(address, out var since)) _resting.Remove((since, address));
    }
}
