using System.Collections.Immutable;
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
    private readonly ClaimIndex _index = new();
    private readonly FreeAddresses _free = new();

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
        _free.Configure(pool, _claims.Values);
    }

    public AddressClaim? At(Address address) => _claims.GetValueOrDefault(address);

    /// <summary>The addresses that a service of this name holds, lowest first.</summary>
    public ImmutableArray<Address> HeldBy(ServiceName service) => _index.HeldBy(service);

    /// <summary>How many addresses the services of the namespace hold here; one that they share counts once.</summary>
    public int HeldIn(string @namespace) => _index.HeldIn(@namespace);

    /// <summary>What the namespace of the service holds here, for its quota.</summary>
    public NamespaceUse UseBy(ServiceName service) =>
        new(HeldIn(service.Namespace), HeldBy(service).Where(address => IsOnlyOfItsNamespace(service, address)).ToEquatableList());

    /// <summary>The addresses that are shared under the key, lowest first.</summary>
    public IReadOnlyCollection<Address> SharedUnder(string key) => _index.SharedUnder(key);

    /// <summary>Addresses that nobody holds and that wait for the service: those for it by name before those for its namespace, lowest first.</summary>
    public IEnumerable<Address> ReservedFor(ServiceName service) =>
        _index.ReservedFor(service.Namespace, service.Name).Concat(_index.ReservedFor(service.Namespace, null));

    /// <summary>True when addresses wait for somebody: few pools have such.</summary>
    public bool HasReservations => _index.HasReservations;

    /// <summary>When the next quarantine or reservation runs out; null when none does.</summary>
    public DateTimeOffset? NextDeadline => _index.NextDeadline;

    /// <summary>Claims of which something has run out by now.</summary>
    public IEnumerable<AddressClaim> DueAt(DateTimeOffset now) => _index.DueAt(now).Select(address => _claims[address]);

    /// <summary>On what terms a holder shares; null while it has not said.</summary>
    public SharingTerms? TermsOf(ServiceName service) => _terms.GetValueOrDefault(service);

    public void Learn(ServiceName service, SharingTerms terms) => _terms[service] = terms;

    public void Put(AddressClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        Revision++;
        var before = _claims.GetValueOrDefault(claim.Address);
        if (before is not null) _index.Remove(before);
        _claims[claim.Address] = claim;
        _index.Add(claim);
        if (claim.IsResting) _free.Release(claim.Address, claim.Released);
        else if (before is null or { IsResting: true }) _free.Take(claim.Address);
    }

    /// <summary>An address that rested goes on resting here although the record says so no longer.</summary>
    public void Remove(Address address)
    {
        if (!_claims.Remove(address, out var claim)) return;
        Revision++;
        _index.Remove(claim);
        if (!claim.IsResting) _free.Release(address, null);
    }

    /// <summary>True when an address that is freed is not to be given again before the others.</summary>
    internal bool Rests(Address address) => _free.Rests(address);

    /// <summary>A time for an address that is freed now: behind all that were freed before, whatever the clock says.</summary>
    internal DateTimeOffset ReleasedAfter(DateTimeOffset now) => _free.ReleasedAfter(now);

    /// <summary>Claims of addresses that rest, those that were freed longest ago first.</summary>
    internal IEnumerable<AddressClaim> Resting => _index.Resting.Select(resting => _claims[resting.Address]);

    internal int RestingCount => _index.Resting.Count;

    /// <summary>Forgets on what terms the service shared, once it holds nothing here.</summary>
    public void ForgetTerms(ServiceName service)
    {
        if (_index.HeldBy(service).IsEmpty) _terms.Remove(service);
    }

    /// <summary>The unclaimed address of the family that is to be given next, in the pool's order; null when there is none.</summary>
    public Address? NextFree(IpFamily family) => _free.Next(family);

    /// <summary>The share of the family's addresses that is claimed: 0 to 1, and 1 where there are none.</summary>
    public double FillOf(IpFamily family)
    {
        var total = Pool is null ? 0 : PoolCount.TotalOf(Pool, family);
        return total == 0 ? 1 : Math.Min(1, _index.CountOf(family).Total / (double)total);
    }

    private bool IsOnlyOfItsNamespace(ServiceName service, Address address) =>
        _claims[address].Holders.Count(holder => holder.Service.Namespace == service.Namespace) == 1;

    internal ClaimCount CountOf(IpFamily family) => _index.CountOf(family);
}
