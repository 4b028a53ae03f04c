using System.Collections.Immutable;
using System.Runtime.InteropServices;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Ports;

namespace OrleansLb.Core.Pools;

/// <summary>What is derived from a pool's claims, so that no decision looks at all of them.</summary>
internal sealed class ClaimIndex
{
    /// <summary>Lowest first. Most services hold one address, and none holds many.</summary>
    private readonly Dictionary<ServiceName, ImmutableArray<Address>> _byHolder = [];
    private readonly Dictionary<string, SortedSet<Address>> _bySharingKey = new(StringComparer.Ordinal);
    private readonly Dictionary<(string? Namespace, string? Name), SortedSet<Address>> _reserved = [];
    private readonly Dictionary<string, int> _perNamespace = new(StringComparer.Ordinal);
    private readonly Dictionary<IpFamily, ClaimCount> _counts = [];
    private readonly SortedSet<(DateTimeOffset At, Address Address)> _deadlines = [];
    private readonly SortedSet<(DateTimeOffset Since, Address Address)> _resting = [];

    /// <summary>When the next quarantine or reservation runs out; null when none does.</summary>
    public DateTimeOffset? NextDeadline => _deadlines.Count > 0 ? _deadlines.Min.At : null;

    public IEnumerable<Address> DueAt(DateTimeOffset now) => _deadlines.TakeWhile(deadline => deadline.At <= now).Select(deadline => deadline.Address);

    public ImmutableArray<Address> HeldBy(ServiceName service) => _byHolder.TryGetValue(service, out var held) ? held : [];

    public IReadOnlyCollection<Address> SharedUnder(string key) => _bySharingKey.TryGetValue(key, out var shared) ? shared : [];

    public bool HasReservations => _reserved.Count > 0;

    /// <summary>Addresses that wait for exactly that name, or with null for the namespace.</summary>
    public IReadOnlyCollection<Address> ReservedFor(string @namespace, string? name) =>
        _reserved.TryGetValue((@namespace, name), out var waiting) ? waiting : [];

    /// <summary>Addresses that services of the namespace hold; one that they share counts once.</summary>
    public int HeldIn(string @namespace) => _perNamespace.GetValueOrDefault(@namespace);

    /// <summary>Addresses that rest by the record, those that were freed longest ago first.</summary>
    public IReadOnlyCollection<(DateTimeOffset Since, Address Address)> Resting => _resting;

    public ClaimCount CountOf(IpFamily family) => _counts.GetValueOrDefault(family);

    public void Add(AddressClaim claim)
    {
        if (claim.IsResting)
        {
            _resting.Add((claim.Released!.Value, claim.Address));
            return;
        }
        foreach (var holder in claim.Holders) Hold(holder.Service, claim.Address);
        if (claim is { SharingKey: { } key, Holders.Count: > 0 }) SetOf(_bySharingKey, key).Add(claim.Address);
        if (IsWaiting(claim)) SetOf(_reserved, (claim.Reserved!.Namespace, claim.Reserved.Name)).Add(claim.Address);
        if (claim.Deadline is { } deadline) _deadlines.Add((deadline, claim.Address));
        Count(claim, 1);
    }

    public void Remove(AddressClaim claim)
    {
        if (claim.IsResting)
        {
            _resting.Remove((claim.Released!.Value, claim.Address));
            return;
        }
        foreach (var holder in claim.Holders) LetGo(holder.Service, claim.Address);
        if (claim is { SharingKey: { } key, Holders.Count: > 0 }) Drop(_bySharingKey, key, claim.Address);
        if (IsWaiting(claim)) Drop(_reserved, (claim.Reserved!.Namespace, claim.Reserved.Name), claim.Address);
        if (claim.Deadline is { } deadline) _deadlines.Remove((deadline, claim.Address));
        Count(claim, -1);
    }

    private static bool IsWaiting(AddressClaim claim) => claim is { Reserved: not null, Holders.Count: 0, Quarantine: null };

    private void Hold(ServiceName service, Address address)
    {
        ref var held = ref CollectionsMarshal.GetValueRefOrAddDefault(_byHolder, service, out var known);
        if (!known) held = [address];
        else if (held.BinarySearch(address) is < 0 and var place) held = held.Insert(~place, address);
    }

    private void LetGo(ServiceName service, Address address)
    {
        var left = HeldBy(service).Remove(address);
        if (left.IsEmpty) _byHolder.Remove(service);
        else _byHolder[service] = left;
    }

    private void Count(AddressClaim claim, int by)
    {
        _counts[claim.Address.Family] = CountOf(claim.Address.Family).With(claim, by);
        if (claim.Holders.Count == 1) Count(claim.Holders[0].Service.Namespace, by);
        else foreach (var name in claim.Holders.Select(holder => holder.Service.Namespace).Distinct(StringComparer.Ordinal)) Count(name, by);
    }

    private void Count(string @namespace, int by)
    {
        if (HeldIn(@namespace) + by is > 0 and var held) _perNamespace[@namespace] = held;
        else _perNamespace.Remove(@namespace);
    }

    private static SortedSet<Address> SetOf<TKey>(Dictionary<TKey, SortedSet<Address>> index, TKey key)
        where TKey : notnull
    {
        if (!index.TryGetValue(key, out var set)) index[key] = set = [];
        return set;
    }

    private static void Drop<TKey>(Dictionary<TKey, SortedSet<Address>> index, TKey key, Address address)
        where TKey : notnull
    {
        if (index.TryGetValue(key, out var set) && set.Remove(address) && set.Count == 0) index.Remove(key);
    }
}
