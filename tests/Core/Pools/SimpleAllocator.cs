using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;

namespace OrleansLb.Core.Tests.Pools;

/// <summary>The oracle: one address of IPv4 for each service, found by looking at every address of the pool in turn.</summary>
internal sealed class SimpleAllocator
{
    private readonly Dictionary<ServiceName, Address> _held = [];
    private readonly Dictionary<ServiceName, SharingTerms> _terms = [];

    public IEnumerable<KeyValuePair<ServiceName, SharingTerms>> Terms => _terms;

    /// <summary>The address that the service has after this; null when it is refused, and then nothing changed.</summary>
    public Address? Allocate(AddressPool pool, AllocationRequest request)
    {
        if (Choose(pool, request) is not { } chosen) return null;
        _held[request.Service] = chosen;
        _terms[request.Service] = request.Sharing;
        return chosen;
    }

    public void Release(ServiceName service)
    {
        _held.Remove(service);
        _terms.Remove(service);
    }

    /// <summary>True when the books have exactly these holders.</summary>
    public bool Matches(PoolBook book) =>
        book.Claims.SelectMany(claim => claim.Holders.Select(holder => (holder.Service, claim.Address))).ToHashSet()
            .SetEquals(_held.Select(held => (held.Key, held.Value)));

    private Address? Choose(AddressPool pool, AllocationRequest request)
    {
        var mine = _held.TryGetValue(request.Service, out var held) ? held : (Address?)null;
        if (request.Wanted.Count > 0)
        {
            var wanted = request.Wanted[0];
            return wanted == mine || (pool.Contains(wanted) && !pool.Disabled && MayHave(wanted, request)) ? wanted : null;
        }
        if (mine is not null) return mine;
        if (request.Held.Count > 0 && pool.Contains(request.Held[0]) && MayHave(request.Held[0], request)) return request.Held[0];
        if (pool.Disabled) return null;
        var all = pool.Ranges.SelectMany(range => Enumerable.Range(0, (int)range.Size).Select(i => range.First with { Value = range.First.Value + (uint)i })).ToList();
        var shared = _held.Where(other => request.Sharing.Key is not null && _terms[other.Key].Key == request.Sharing.Key).Select(other => other.Value).Distinct().Order();
        foreach (var address in shared)
        {
            if (pool.Contains(address) && MayHave(address, request)) return address;
        }
        foreach (var address in all)
        {
            if (!_held.ContainsValue(address) && !(pool.AvoidBuggyAddresses && BuggyAddress.Is(address))) return address;
        }
        return null;
    }

    private bool MayHave(Address address, AllocationRequest request) => _held
        .Where(other => other.Value == address && other.Key != request.Service)
        .All(other => request.Sharing.Key is not null && _terms[other.Key].Key == request.Sharing.Key && !_terms[other.Key].Ports.Intersect(request.Sharing.Ports).Any());
}
