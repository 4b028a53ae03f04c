using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Pools;

/// <summary>Free addresses in the order in which they were freed, for pools that give the one freed longest ago.</summary>
internal sealed class RestingAddresses
{
    /// <summary>What the record can tell apart.</summary>
    private static readonly TimeSpan Resolution = TimeSpan.FromMicroseconds(1);

    private readonly Dictionary<Address, DateTimeOffset> _since = [];
    private readonly SortedSet<(DateTimeOffset Since, Address Address)> _order = [];
    private DateTimeOffset _last;

    public IEnumerable<Address> All => _since.Keys;

    /// <summary>A time for an address that is freed now: behind all that were freed before, whatever the clock says.</summary>
    public DateTimeOffset After(DateTimeOffset now) => now > _last ? now : _last + Resolution;

    /// <summary>The address rests; one that does already goes to its new place.</summary>
    public void Put(Address address, DateTimeOffset since)
    {
        Wake(address);
        _since[address] = since;
        _order.Add((since, address));
        if (since > _last) _last = since;
    }

    public void Wake(Address address)
    {
        if (_since.Remove(address, out var since)) _order.Remove((since, address));
    }

    /// <summary>The address of the family that has rested longest; null when none rests.</summary>
    public Address? Longest(IpFamily family)
    {
        foreach (var (_, address) in _order)
        {
            if (address.Family == family) return address;
        }
        return null;
    }
}
