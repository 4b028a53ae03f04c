using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Pools;

/// <summary>Free addresses in the order in which they were freed, for pools that give the one freed longest ago.</summary>
internal sealed class RestingAddresses
{
    /// <summary>What the record can tell apart.</summary>
    private static readonly TimeSpan Resolution = TimeSpan.FromMicroseconds(1);

    private readonly Dictionary<Address, DateTimeOffset> _since = [];
    private readonly SortedSet<(DateTimeOffset Since, Address Address)> _ipv4 = [];
    private readonly SortedSet<(DateTimeOffset Since, Address Address)> _ipv6 = [];
    private DateTimeOffset _last;

    public IEnumerable<Address> All => _since.Keys;

    /// <summary>A time for an address that is freed now: behind all that were freed before, whatever the clock says.</summary>
    public DateTimeOffset After(DateTimeOffset now) => now > _last ? now : _last + Resolution;

    /// <summary>The address rests; one that does already goes to its new place.</summary>
    public void Put(Address address, DateTimeOffset since)
    {
        Wake(address);
        _since[address] = since;
        OrderOf(address.Family).Add((since, address));
        if (since > _last) _last = since;
    }

    public void Wake(Address address)
    {
        if (_since.Remove(address, out var since)) OrderOf(address.Family).Remove((since, address));
    }

    /// <summary>The address of the family that has rested longest; null when none rests.</summary>
    public Address? Longest(IpFamily family) => OrderOf(family) is { Count: > 0 } order ? order.Min.Address : null;

    private SortedSet<(DateTimeOffset Since, Address Address)> OrderOf(IpFamily family) => family == IpFamily.IPv4 ? _ipv4 : _ipv6;
}
