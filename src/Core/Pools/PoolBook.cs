using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;

namespace OrleansLb.Core.Pools;

/// <summary>
/// The books of one pool: its claims as last known, and what is derived from them so that no decision scans the pool. Only <see cref="Put"/> and
/// <see cref="Remove"/> change claims; a pool's size costs nothing, only what is claimed does.
/// </summary>
public sealed class PoolBook(PoolName name)
{
    private readonly Dictionary<Address, AddressClaim> _claims = [];
    private readonly Dictionary<ServiceName, SharingTerms> _terms = [];
    private readonly Dictionary<ServiceName, SortedSet<Address>> _byHolder = [];
    private readonly Dictionary<string, SortedSet<Address>> _bySharingKey = new(StringComparer.Ordinal);
    private readonly SortedSet<Address> _reserved = [];
    private readonly SortedSet<(DateTimeOffset At, Address Address)> _deadlines = [];

    /// <summary>What first-free passes over: claimed addresses, and those to avoid as far as it has come upon them.</summary>
    private AddressSet _taken = AddressSet.Empty;

    public PoolName Name { get; } = name;

    /// <summary>The pool as configured; null when it is not, or no longer.</summary>
    public AddressPool? Pool { get; private set; }

    public IReadOnlyCollection<AddressClaim> Claims => _claims.Values;

    /// <summary>Rises with everything that is changed here.</summary>
    public long Revision { get; private set; }

    public void Configure(AddressPool? pool)
    {
        if (pool == Pool) return;
        Revision++;
        Pool = pool;
        _taken = _claims.Keys.Aggregate(AddressSet.Empty, (taken, address) => taken.Add(address));
    }

    public AddressClaim? At(Address address) => _claims.GetValueOrDefault(address);

    /// <summary>The addresses that a service of this name holds, lowest first.</summary>
    public IReadOnlyCollection<Address> HeldBy(ServiceName service) => _byHolder.TryGetValue(service, out var held) ? held : [];

    /// <summary>The addresses that are shared under the key, lowest first.</summary>
    public IReadOnlyCollection<Address> SharedUnder(string key) => _bySharingKey.TryGetValue(key, out var shared) ? shared : [];

    /// <summary>Reserved addresses that nobody holds, lowest first.</summary>
    public IReadOnlyCollection<Address> Reserved => _reserved;

    /// <summary>When the next quarantine or reservation runs out; null when none does.</summary>
    public DateTimeOffset? NextDeadline => _deadlines.Count > 0 ? _deadlines.Min.At : null;

    /// <summary>Claims of which something has run out by now.</summary>
    public IEnumerable<AddressClaim> DueAt(DateTimeOffset now) => _deadlines.TakeWhile(deadline => deadline.At <= now).Select(deadline => _claims[deadline.Address]);

    /// <summary>On what terms a holder shares; null while it has not said.</summary>
    public SharingTerms? TermsOf(ServiceName service) => _terms.GetValueOrDefault(service);

    public void Learn(ServiceName service, SharingTerms terms) => _terms[service] = terms;

    public void Put(AddressClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        Remove(claim.Address);
        Revision++;
        _claims[claim.Address] = claim;
        _taken = _taken.Add(claim.Address);
        foreach (var holder in claim.Holders) SetOf(_byHolder, holder.Service).Add(claim.Address);
        if (claim is { SharingKey: { } key, Holders.Count: > 0 }) SetOf(_bySharingKey, key).Add(claim.Address);
        if (claim is { Reserved: not null, Holders.Count: 0, Quarantine: null }) _reserved.Add(claim.Address);
        if (claim.Deadline is { } deadline) _deadlines.Add((deadline, claim.Address));
    }

    public void Remove(Address address)
    {
        if (!_claims.Remove(address, out var claim)) return;
        Revision++;
        _taken = _taken.Remove(address);
        foreach (var holder in claim.Holders) Drop(_byHolder, holder.Service, address);
        if (claim.SharingKey is { } key) Drop(_bySharingKey, key, address);
        _reserved.Remove(address);
        if (claim.Deadline is { } deadline) _deadlines.Remove((deadline, address));
    }

    /// <summary>Forgets on what terms the service shared, once it holds nothing here.</summary>
    public void ForgetTerms(ServiceName service)
    {
        if (!_byHolder.ContainsKey(service)) _terms.Remove(service);
    }

    /// <summary>The first unclaimed address of the family, in the order of the ranges; null when there is none.</summary>
    public Address? FirstFree(IpFamily family)
    {
        foreach (var range in Pool?.Ranges ?? [])
        {
            if (range.Family == family && FirstFree(range) is { } free) return free;
        }
        return null;
    }

    private Address? FirstFree(AddressRange range)
    {
        var free = _taken.NextAbsent(range, range.First);
        while (free is { } address && Pool!.AvoidBuggyAddresses && BuggyAddress.Is(address))
        {
            _taken = _taken.Add(address);
            free = _taken.NextAbsent(range, address);
        }
        return free;
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
