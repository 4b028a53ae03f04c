using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;

namespace OrleansLb.Grains.Services;

/// <summary>The addresses that a service holds, and its dealings with the pools about them.</summary>
internal sealed class ServiceAddresses(IAddressBooks books, ServiceName service)
{
    private readonly List<Rejected> _rejected = [];

    /// <summary>Pools that have not been told yet what the service lets go of.</summary>
    private readonly HashSet<PoolName> _left = [];

    private readonly HashSet<Address> _fresh = [];

    /// <summary>What was claimed for it before the first decision; null after that.</summary>
    private EquatableList<Holding>? _recalled;

    /// <summary>What the service asked for when all began anew; null once it asks for something else, and where nothing did.</summary>
    private ServiceRequest? _atStart;

    /// <summary>What its namespace may hold, at the last decision.</summary>
    private AddressQuota? _quota;

    public EquatableList<Holding> Holdings { get; private set; } = [];

    /// <summary>The object that declares the pool of its first address, as of the last decision; null for none.</summary>
    public ObjectReference? PoolObject { get; private set; }

    /// <summary>Why the service has its addresses, or none; <see cref="Reason.None"/> before the first decision.</summary>
    public Reason Reason { get; private set; }

    public string Message { get; private set; } = "";

    /// <summary>Why the last decision could not be made; null when it was.</summary>
    public string? Unavailable { get; private set; }

    /// <summary>The family that the service would take besides and did not get at the last decision; null for none.</summary>
    public IpFamily? Lacks { get; private set; }

    /// <summary>Pools and addresses that were tried and refused at the last decision.</summary>
    public EquatableList<Rejected> Rejected => _rejected.ToEquatableList();

    /// <summary>Held addresses that were never announced for this service, as far as is known.</summary>
    public IReadOnlySet<Address> Fresh => _fresh;

    public bool IsAssigned => Reason is Reason.AddressAssigned or Reason.AddressAdopted;

    /// <summary>All claims of the service are for what it holds, by the record and by the only decision since: there is none to let go of.</summary>
    public bool HoldsAllItsClaims { get; private set; }

    /// <summary>Finds out what the service holds, by the record: its claims, and what its status shows of a pool.</summary>
    /// <param name="traces">What others know of it; null: they are asked.</param>
    public async Task Recall(ServiceRequest request, ClusterConfiguration configuration, ServiceTraces? traces = null)
    {
        var claims = traces?.Claims ?? await books.ClaimsOf(service);
        _atStart = traces is { Unserved: true } ? request : null;
        _recalled = claims.Select(claim => new Holding(claim.Address, claim.Pool)).ToEquatableList();
        var claimed = claims.Where(claim => claim.Pool.Value.Length > 0)
            .Select(claim => new Holding(claim.Address, PoolOf(claim.Address, configuration) ?? claim.Pool)).ToList();
        var shown = request.Held
            .Where(address => !claimed.Exists(holding => holding.Address == address) && PoolOf(address, configuration) is not null)
            .Select(address => new Holding(address, PoolOf(address, configuration)!.Value));
        Holdings =
            claimed.Concat(shown).OrderBy(holding => request.Held.Contains(holding.Address) ? 0 : 1).ThenBy(holding => holding.Address).ToEquatableList();
        _fresh.UnionWith(claimed.Select(holding => holding.Address).Where(address => !request.Held.Contains(address)));
    }

    /// <summary>What the service shows by now, on the word of others that serve it too, comes before what it was given here.</summary>
    public async Task PutShownFirst(ServiceRequest request, ClusterConfiguration configuration)
    {
        _left.UnionWith(Holdings.Select(holding => holding.Pool));
        await Recall(request, configuration);
    }

    /// <summary>The address turned out to be a stranger's before it was used; its claim is not the service's any more.</summary>
    public void Lose(Address address) => Holdings = Holdings.Where(holding => holding.Address != address).ToEquatableList();

    /// <summary>
    /// Gets the addresses that the service asks for. What it holds it keeps as long as it gets nothing else. False: the record cannot be reached.
    /// </summary>
    public async Task<bool> Settle(ServiceRequest request, ClusterConfiguration configuration)
    {
        Holdings = Holdings.Select(holding => new Holding(holding.Address, HomeOf(holding, configuration))).ToEquatableList();
        var choice = PoolChoice.Of(request, configuration, Holdings, await Fill(request, configuration));
        if (_atStart?.AsksTheSameAs(request) != true) _atStart = null;
        Unavailable = null;
        _rejected.Clear();
        _rejected.AddRange(choice.Rejected);
        var refusals = new List<AllocationOutcome.Refused>();
        _quota = NamespaceQuotas.Of(request, configuration);
        foreach (var attempt in choice.Attempts)
        {
            if (await Try(attempt, request, refusals) is { } granted)
            {
                NoteClaims(granted, isFirst: refusals.Count == 0);
                Keep(granted, request.Held, configuration);
                Regret(request, refusals);
                return true;
            }
            if (refusals is [.., { Reason: Reason.RecordUnavailable } away])
            {
                Unavailable = away.Message;
                return false;
            }
        }
        NoteClaims([], isFirst: false);
        var refusal = choice.Refusal ?? Combined(refusals);
        (Reason, Message, Lacks) = (refusal.Reason, refusal.Message, null);
        return await GiveWay(request);
    }

    /// <summary>
    /// What is held stays although what is asked for cannot be had, unless the service stands in the way of those that it shares an address with: on one
    /// address and port there is one service. False: the record cannot be reached.
    /// </summary>
    private async Task<bool> GiveWay(ServiceRequest request)
    {
        foreach (var holding in Holdings)
        {
            var stay = new AllocationRequest(service, request.Uid, [holding.Address.Family], [holding.Address], request.Held, SharingTerms.Of(request),
                AfterStart: _atStart is not null);
            if (await books.Allocate(holding.Pool, stay, _quota) is not AllocationOutcome.Refused refused) continue;
            if (refused.Reason == Reason.RecordUnavailable)
            {
                Unavailable = refused.Message;
                return false;
            }
            if (!IsOfOthers(refused.Reason)) continue;
            Lose(holding.Address);
            _left.Add(holding.Pool);
            if (!Message.Contains(refused.Message, StringComparison.Ordinal)) Message = $"{Message} It may not keep {holding.Address}: {refused.Message}";
        }
        return true;
    }

    private static bool IsOfOthers(Reason reason) => reason
        is Reason.AddressHeld or Reason.SharingKeyDiffers or Reason.SharingPortTaken or Reason.SharingBackendDiffers or Reason.SharingNamespaceDiffers;

    /// <summary>Lets go of everything. False: the record cannot be reached.</summary>
    public async Task<bool> Release(string uid)
    {
        if (!await ReleaseOf(uid)) return false;
        Holdings = [];
        (Reason, Message) = (Reason.AddressReleased, "its addresses are released.");
        return true;
    }

    /// <summary>Lets go of what another one of the name held, and of nothing else. False: the record cannot be reached.</summary>
    public async Task<bool> ReleaseOf(string uid) =>
        await Release(Holdings.Select(holding => holding.Pool).Concat(_left).Concat(await ClaimedPools()), uid, [], gone: true);

    /// <summary>How full the pools are between which that decides.</summary>
    private async Task<IReadOnlyDictionary<PoolName, double>> Fill(ServiceRequest request, ClusterConfiguration configuration)
    {
        var ties = PoolChoice.Ties(request, configuration, Holdings).ToList();
        var fill = await Task.WhenAll(ties.Select(pool => books.Fill(pool, request.Families[0])));
        return ties.Zip(fill).ToDictionary(pool => pool.First, pool => pool.Second);
    }

    private async Task<List<Holding>?> Try(PoolAttempt attempt, ServiceRequest request, List<AllocationOutcome.Refused> refusals)
    {
        var granted = new List<Holding>();
        foreach (var share in attempt.Shares)
        {
            if (await Try(share, request, refusals) is { } holdings)
            {
                granted.AddRange(holdings);
                continue;
            }
            var touched = granted.Select(holding => holding.Pool).Concat(share.Families.Count > 1 ? share.Pools : []).Distinct();
            await Release(touched, request.Uid, Holdings.Select(holding => holding.Address).ToEquatableList());
            return null;
        }
        return granted;
    }

    private async Task<IEnumerable<Holding>?> Try(PoolShare share, ServiceRequest request, List<AllocationOutcome.Refused> refusals)
    {
        var held = Holdings.Select(holding => holding.Address).Concat(request.Held).Distinct().ToEquatableList();
        var allocation = new AllocationRequest(service, request.Uid, share.Families, share.Wanted, held, SharingTerms.Of(request), share.Left,
            AfterStart: _atStart is not null);
        foreach (var pool in share.Pools)
        {
            var outcome = await books.Allocate(pool, allocation, _quota);
            if (outcome is AllocationOutcome.Granted granted) return granted.Addresses.Select(address => new Holding(address, pool));
            var refused = (AllocationOutcome.Refused)outcome;
            refusals.Add(refused);
            _rejected.Add(new($"pool {pool}", refused.Reason, refused.Message));
            if (refused.Reason == Reason.RecordUnavailable) return null;
        }
        return null;
    }

    /// <summary>
    /// Lets go of what was held and is not any more, now that it is not announced any more either, and of claims that came about without an answer.
    /// False: the record cannot be reached.
    /// </summary>
    public async Task<bool> LetGoOfOthers(string uid)
    {
        if (IsAssigned)
        {
            _left.UnionWith(Holdings.Select(holding => holding.Pool));
            _left.UnionWith(await ClaimedPools());
        }
        if (!await Release(_left, uid, Holdings.Select(holding => holding.Address).ToEquatableList())) return false;
        _left.Clear();
        return true;
    }

    /// <summary>One claim is written or is not; several may have been written in part before they were decided anew.</summary>
    private void NoteClaims(List<Holding> granted, bool isFirst)
    {
        HoldsAllItsClaims = isFirst && _recalled is { } recalled && recalled.All(granted.Contains) && granted.Count <= recalled.Count + 1;
        _recalled = null;
    }

    private void Keep(List<Holding> granted, EquatableList<Address> shown, ClusterConfiguration configuration)
    {
        var added =
            granted.Select(holding => holding.Address).Where(address => !shown.Contains(address) && !Holdings.Any(held => held.Address == address)).ToList();
        _fresh.IntersectWith(granted.Select(holding => holding.Address));
        _fresh.UnionWith(added);
        _left.UnionWith(Holdings.Where(holding => !granted.Contains(holding)).Select(holding => holding.Pool));
        var isNew = granted.Exists(holding => !Holdings.Any(held => held.Address == holding.Address));
        var reason = isNew || Reason == Reason.AddressAssigned ? Reason.AddressAssigned : Reason.AddressAdopted;
        Holdings = granted.ToEquatableList();
        PoolObject = configuration.Pools.FirstOrDefault(pool => pool.Name == granted[0].Pool)?.Source;
        (Reason, Message) = (reason, HoldingNotes.Describe(granted, configuration));
    }

    /// <summary>A service that prefers both families and has one is told why it has not the other.</summary>
    private void Regret(ServiceRequest request, List<AllocationOutcome.Refused> refusals)
    {
        Lacks = null;
        if (request.FamilyPolicy != FamilyPolicy.PreferDualStack) return;
        foreach (var family in request.Families.Where(family => !Holdings.Any(holding => holding.Address.Family == family)).Take(1))
        {
            Lacks = family;
            Message = $"{Message} It has no {family} address: {(refusals.Count > 0 ? refusals[0].Message : "no pool for it has any.")}";
        }
    }

    private async Task<bool> Release(IEnumerable<PoolName> pools, string uid, EquatableList<Address> keep, bool gone = false)
    {
        var released = await Task.WhenAll(pools.Distinct().Where(pool => pool.Value.Length > 0).Select(pool => books.Release(pool, service, uid, keep, gone)));
        return released.All(done => done);
    }

    private async Task<IEnumerable<PoolName>> ClaimedPools() => (await books.ClaimsOf(service)).Select(claim => claim.Pool);

    /// <summary>
    /// An address goes along when its pool is renamed or split: it is of the pool that lists it, and only if none does of the one that gave it.
    /// </summary>
    private static PoolName HomeOf(Holding holding, ClusterConfiguration configuration) =>
        configuration.Pools.Any(pool => pool.Name == holding.Pool && pool.Contains(holding.Address))
            ? holding.Pool
            : PoolOf(holding.Address, configuration) ?? holding.Pool;

    private static PoolName? PoolOf(Address address, ClusterConfiguration configuration) =>
        configuration.Pools.FirstOrDefault(pool => pool.Contains(address))?.Name;

    private static AllocationOutcome.Refused Combined(List<AllocationOutcome.Refused> refusals)
    {
        var distinct = refusals.DistinctBy(refusal => refusal.Message).ToList();
        var first =
            distinct.Find(refusal => refusal.Reason == Reason.QuotaExceeded) ?? distinct.Find(refusal => refusal.Reason == Reason.PoolExhausted) ?? distinct[0];
        return new(first.Reason, string.Join(' ', distinct.Select(refusal => refusal.Message)));
    }
}
