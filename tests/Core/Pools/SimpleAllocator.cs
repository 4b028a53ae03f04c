using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;

namespace OrleansLb.Core.Tests.Pools;

/// <summary>The oracle: one address of IPv4 for each service, found by looking at every address of the pool and every service in turn.</summary>
internal sealed class SimpleAllocator
{
    private readonly Dictionary<ServiceName, Address> _held = [];
    private readonly Dictionary<ServiceName, SharingTerms> _terms = [];
    private readonly Dictionary<Address, DateTimeOffset> _quarantined = [];
    private readonly Dictionary<Address, Reservation> _reserved = [];
    private readonly List<Address> _resting = [];
    private Address? _last;

    public IEnumerable<KeyValuePair<ServiceName, SharingTerms>> Terms => _terms;

    /// <summary>The address that the service has after this; null when it is refused, and then nothing changed.</summary>
    public Address? Allocate(AddressPool pool, AllocationRequest request)
    {
        if (Choose(pool, request) is not { } chosen) return null;
        Take(chosen);
        var before = _held.TryGetValue(request.Service, out var held) && held != chosen ? held : (Address?)null;
        _held[request.Service] = chosen;
        _terms[request.Service] = request.Sharing;
        if (_reserved.GetValueOrDefault(chosen)?.Until is not null) _reserved.Remove(chosen);
        if (before is { } left) Free(pool, left);
        return chosen;
    }

    public void Release(AddressPool pool, ServiceName service, DateTimeOffset now)
    {
        if (!_held.Remove(service, out var address)) return;
        if (!_held.ContainsValue(address) && !_quarantined.ContainsKey(address) && pool.Retention is { } retention)
            _reserved.TryAdd(address, new(service.Namespace, service.Name, now + retention));
        Free(pool, address);
    }

    public void Reserve(Address address, Reservation reservation)
    {
        if (IsClaimed(address)) return;
        Take(address);
        _reserved[address] = reservation;
    }

    public void Quarantine(AddressConflict conflict, DateTimeOffset until)
    {
        if (!_held.ContainsValue(conflict.Address) || !_quarantined.TryAdd(conflict.Address, until) || conflict.InUse) return;
        foreach (var holder in _held.Where(held => held.Value == conflict.Address).ToList()) _held.Remove(holder.Key);
    }

    public void Expire(AddressPool pool, DateTimeOffset now)
    {
        var due = _quarantined.Where(entry => entry.Value <= now).Select(entry => entry.Key)
            .Concat(_reserved.Where(entry => entry.Value.Until <= now && !_held.ContainsValue(entry.Key)).Select(entry => entry.Key))
            .Distinct().ToList();
        foreach (var address in due.OrderBy(address => Deadline(address)).ThenBy(address => address))
        {
            if (_quarantined.GetValueOrDefault(address, DateTimeOffset.MaxValue) <= now) _quarantined.Remove(address);
            if (!_held.ContainsValue(address) && _reserved.GetValueOrDefault(address)?.Until <= now) _reserved.Remove(address);
            Free(pool, address);
        }
    }

    public void Configure(AddressPool pool) =>
        _resting.RemoveAll(address => pool.Order != AddressOrder.LeastRecentlyReleased || !pool.Contains(address) || IsAvoided(pool, address));

    /// <summary>What is not in the claims is forgotten.</summary>
    public void Restart()
    {
        _last = Claimed.Any() ? Claimed.Max() : null;
    }

    /// <summary>True when the books have exactly these holders, quarantines and reservations.</summary>
    public bool Matches(PoolBook book) =>
        book.Claims.SelectMany(claim => claim.Holders.Select(holder => (holder.Service, claim.Address))).ToHashSet()
            .SetEquals(_held.Select(held => (held.Key, held.Value)))
        && book.Claims.Where(claim => claim.Quarantine is not null).Select(claim => claim.Address).ToHashSet().SetEquals(_quarantined.Keys)
        && book.Claims.Where(claim => claim.Reserved is not null).Select(claim => (claim.Address, claim.Reserved!)).ToHashSet()
            .SetEquals(_reserved.Select(entry => (entry.Key, entry.Value)));

    private IEnumerable<Address> Claimed => _held.Values.Concat(_quarantined.Keys).Concat(_reserved.Keys).Distinct();

    private bool IsClaimed(Address address) => Claimed.Contains(address);

    private DateTimeOffset Deadline(Address address) =>
        new[] { _quarantined.GetValueOrDefault(address, DateTimeOffset.MaxValue),
            (_held.ContainsValue(address) ? null : _reserved.GetValueOrDefault(address)?.Until) ?? DateTimeOffset.MaxValue }.Min();

    private void Take(Address address)
    {
        if (IsClaimed(address)) return;
        _last = address;
        _resting.Remove(address);
    }

    private void Free(AddressPool pool, Address address)
    {
        if (!IsClaimed(address) && pool.Order == AddressOrder.LeastRecentlyReleased && pool.Contains(address) && !IsAvoided(pool, address))
            _resting.Add(address);
    }

    private Address? Choose(AddressPool pool, AllocationRequest request)
    {
        var mine = _held.TryGetValue(request.Service, out var held) ? held : (Address?)null;
        var shown = request.Held.Count > 0 ? request.Held[0] : (Address?)null;
        var isOpen = !pool.Disabled && !pool.Draining;
        if (request.Wanted.Count > 0)
        {
            var wanted = request.Wanted[0];
            if (wanted == mine) return _quarantined.ContainsKey(wanted) ? null : wanted;
            return isOpen && MayHave(pool, wanted, request) && (wanted == shown || IsWithinQuota(pool, wanted, request)) ? wanted : null;
        }
        if (mine is { } kept && !_quarantined.ContainsKey(kept)) return mine;
        if (shown is { } adopted && MayHave(pool, adopted, request)) return adopted;
        return isOpen && Next(pool, request) is { } next && IsWithinQuota(pool, next, request) ? next : null;
    }

    private Address? Next(AddressPool pool, AllocationRequest request)
    {
        var shared = _held.Where(other => request.Sharing.Key is not null && _terms[other.Key].Key == request.Sharing.Key).Select(other => other.Value)
            .Distinct().Order();
        foreach (var address in shared)
        {
            if (MayHave(pool, address, request)) return address;
        }
        foreach (var name in new[] { request.Service.Name, null })
        {
            foreach (var (address, reserved) in _reserved.OrderBy(entry => entry.Key))
            {
                if (reserved.Namespace == request.Service.Namespace && reserved.Name == name && pool.Contains(address) && !_held.ContainsValue(address)
                    && !_quarantined.ContainsKey(address))
                {
                    return address;
                }
            }
        }
        return Unclaimed(pool);
    }

    private Address? Unclaimed(AddressPool pool)
    {
        var all = pool.Ranges.SelectMany(range => Enumerable.Range(0, (int)range.Size).Select(i => range.First with { Value = range.First.Value + (uint)i }))
            .ToList();
        if (pool.Order == AddressOrder.RoundRobin && _last is { } last && all.IndexOf(last) is >= 0 and var at)
            all = [.. all.Skip(at + 1), .. all.Take(at + 1)];
        var free = all.Where(address => !IsClaimed(address) && !IsAvoided(pool, address)).ToList();
        var fresh = free.Where(address => !_resting.Contains(address)).ToList();
        return fresh.Count > 0 ? fresh[0] : _resting.Where(free.Contains).Cast<Address?>().FirstOrDefault();
    }

    private static bool IsAvoided(AddressPool pool, Address address) => pool.AvoidBuggyAddresses && BuggyAddress.Is(address);

    private bool MayHave(AddressPool pool, Address address, AllocationRequest request) => pool.Contains(address)
        && (!IsAvoided(pool, address) || _reserved.ContainsKey(address) || request.Held.Contains(address))
        && !_quarantined.ContainsKey(address)
        && (!_reserved.TryGetValue(address, out var reserved)
            || (reserved.Namespace == request.Service.Namespace && (reserved.Name is null || reserved.Name == request.Service.Name)))
        && _held.Where(other => other.Value == address && other.Key != request.Service).All(other => MayShare(pool, other.Key, request));

    private bool MayShare(AddressPool pool, ServiceName other, AllocationRequest request) => request.Sharing.Key is not null
        && _terms[other].Key == request.Sharing.Key
        && !_terms[other].Ports.Intersect(request.Sharing.Ports).Any()
        && (pool.SharedAcrossNamespaces || other.Namespace == request.Service.Namespace);

    private bool IsWithinQuota(AddressPool pool, Address address, AllocationRequest request)
    {
        if (pool.Quota.Of(request.Service.Namespace) is not { } limit) return true;
        var others = _held.Where(held => held.Key != request.Service && held.Key.Namespace == request.Service.Namespace).Select(held => held.Value).ToHashSet();
        return others.Contains(address) || others.Count < limit;
    }
}
