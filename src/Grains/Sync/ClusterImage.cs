using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;

namespace OrleansLb.Grains.Sync;

/// <summary>What the record said last. Null or false until it was read whole.</summary>
internal sealed class ClusterImage
{
    private readonly Dictionary<ServiceName, ServiceRequest> _services = [];
    private readonly Dictionary<Address, AddressClaim> _claims = [];
    private readonly Dictionary<ServiceName, HashSet<Address>> _claimsByService = [];
    private readonly SortedDictionary<PoolName, int> _claimsByPool = [];
    private readonly SortedDictionary<NodeName, NodeFacts> _nodes = [];

    public DeclaredConfiguration? Declared { get; set; }

    public IReadOnlyDictionary<ServiceName, ServiceRequest> Services => _services;

    public IEnumerable<AddressClaim> Claims => _claims.Values;

    /// <summary>The pools that claims name, sorted.</summary>
    public IEnumerable<PoolName> ClaimedPools => _claimsByPool.Keys.Where(pool => pool.Value.Length > 0);

    public IEnumerable<PoolName> ConfiguredPools => (Declared?.Declarations ?? []).OfType<AddressPool>().Select(pool => pool.Name);

    /// <summary>Whom a claim concerns. A user's reservation may name no pool: it concerns whichever has the address.</summary>
    public IEnumerable<PoolName> PoolsOf(AddressClaim claim) => claim.Pool.Value.Length > 0 ? [claim.Pool] : ConfiguredPools;

    public IEnumerable<NodeFacts> Nodes => _nodes.Values;

    public void Put(ServiceRequest service) => _services[service.Service] = service;

    public ServiceRequest? Remove(ServiceName service, string uid) =>
        _services.GetValueOrDefault(service) is { } known && known.Uid == uid && _services.Remove(service) ? known : null;

    public void Put(NodeFacts node) => _nodes[node.Name] = node;

    public void Remove(NodeName node) => _nodes.Remove(node);

    public void Read(EquatableList<NodeFacts> nodes)
    {
        _nodes.Clear();
        foreach (var node in nodes) Put(node);
    }

    public void Read(EquatableList<AddressClaim> claims)
    {
        _claims.Clear();
        _claimsByService.Clear();
        _claimsByPool.Clear();
        foreach (var claim in claims) Put(claim);
    }

    public void Put(AddressClaim claim)
    {
        RemoveClaim(claim.Address);
        _claims[claim.Address] = claim;
        _claimsByPool[claim.Pool] = _claimsByPool.GetValueOrDefault(claim.Pool) + 1;
        foreach (var holder in claim.Holders)
        {
            if (!_claimsByService.TryGetValue(holder.Service, out var held)) _claimsByService[holder.Service] = held = [];
            held.Add(claim.Address);
        }
    }

    public void RemoveClaim(Address address)
    {
        if (!_claims.Remove(address, out var claim)) return;
        if (--_claimsByPool[claim.Pool] == 0) _claimsByPool.Remove(claim.Pool);
        foreach (var holder in claim.Holders)
        {
            if (_claimsByService.TryGetValue(holder.Service, out var held) && held.Remove(address) && held.Count == 0) _claimsByService.Remove(holder.Service);
        }
    }

    public AddressClaim? ClaimAt(Address address) => _claims.GetValueOrDefault(address);

    public EquatableList<AddressClaim> ClaimsOf(ServiceName service) => _claimsByService.TryGetValue(service, out var held)
        ? held.Order().Select(address => _claims[address]).ToEquatableList()
        : [];

    /// <summary>It holds an address, by its status or by a claim: its peace goes before the wishes of others.</summary>
    public bool IsHolding(ServiceRequest service) => service.Held.Count > 0 || _claimsByService.ContainsKey(service.Service);

    /// <summary>All that it shows is of a pool: while it takes that up it takes nothing that another shows.</summary>
    public bool IsAtHome(ServiceRequest service) => Declared is not { } declared || service.Held.All(address => declared.Offers(address));

    /// <summary>Those of them that have to leave an address which they show to others.</summary>
    public IReadOnlyList<ServiceRequest> Latecomers(IEnumerable<ServiceRequest> holding)
    {
        var parted = (Declared?.Declarations ?? []).OfType<AddressPool>().Where(pool => !pool.SharedAcrossNamespaces).ToList();
        return Core.Pools.Latecomers.Of(holding, ClaimAt, address => parted.Exists(pool => pool.Contains(address)));
    }

    /// <summary>
    /// Holders of the claim that should not be: gone, another of their name, or without a wish for an address. Those that
    /// another load balancer serves are its own business.
    /// </summary>
    public IEnumerable<ClaimHolder> Strays(AddressClaim claim) =>
        claim.Holders.Where(holder =>
            _services.GetValueOrDefault(holder.Service) is not { } service || (!service.Foreign && (!service.IsWanted || service.Uid != holder.Uid)));

    /// <summary>True when the service shows an address that no claim gives it.</summary>
    public bool ShowsUnclaimed(ServiceRequest service) =>
        service.IsWanted && service.Held.Any(address => ClaimAt(address)?.Holders.Contains(new ClaimHolder(service.Service, service.Uid)) != true);

    /// <summary>Those who bore the name before and hold addresses still.</summary>
    public IEnumerable<ClaimHolder> Predecessors(ServiceName service) => ClaimsOf(service)
        .SelectMany(claim => claim.Holders)
        .Where(holder => holder.Service == service && holder.Uid != _services.GetValueOrDefault(service)?.Uid)
        .Distinct();

    /// <summary>Holders of the claim that hold another address of its family too: an answer was lost, or they move from one to the other.</summary>
    public IEnumerable<ServiceName> HoldersOfMore(AddressClaim claim) =>
        claim.Holders.Select(holder => holder.Service).Where(service =>
            _services.GetValueOrDefault(service)?.Foreign != true && ClaimsOf(service).Count(held => held.Address.Family == claim.Address.Family) > 1);
}
