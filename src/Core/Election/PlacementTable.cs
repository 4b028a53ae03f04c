using System.Diagnostics.CodeAnalysis;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Election;

/// <summary>Placements, found by service, by node and by address.</summary>
internal sealed class PlacementTable
{
    private readonly Dictionary<ServiceName, Placement> _placed = [];
    private readonly Dictionary<NodeName, HashSet<ServiceName>> _byNode = [];
    private readonly Dictionary<Address, SortedSet<ServiceName>> _byAddress = [];
    private readonly HashSet<ServiceName> _unplaced = [];
    private readonly Dictionary<NodeName, int> _load = [];

    /// <summary>Rises with each change.</summary>
    public long Version { get; private set; }

    public IReadOnlyCollection<ServiceName> Unplaced => _unplaced;

    public IEnumerable<KeyValuePair<ServiceName, Placement>> All => _placed;

    /// <summary>Services that have a node, those of the node that bears most first.</summary>
    public IEnumerable<ServiceName> Placed =>
        _byNode.OrderByDescending(node => LoadOf(node.Key)).ThenBy(node => node.Key).SelectMany(node => node.Value.Order());

    /// <exception cref="KeyNotFoundException">The service is not in the table.</exception>
    public Placement this[ServiceName service] => _placed[service];

    public Placement? Find(ServiceName service) => _placed.GetValueOrDefault(service);

    public bool TryFind(ServiceName service, [NotNullWhen(true)] out Placement? placed) => _placed.TryGetValue(service, out placed);

    public int LoadOf(NodeName node) => _load.GetValueOrDefault(node);

    public IReadOnlyCollection<ServiceName> ServicesOn(NodeName node) => _byNode.TryGetValue(node, out var services) ? services : [];

    /// <summary>Services that have the address.</summary>
    public IEnumerable<ServiceName> ServicesAt(Address address) => _byAddress.GetValueOrDefault(address) ?? [];

    public bool IsShared(Address address) => _byAddress.GetValueOrDefault(address)?.Count > 1;

    public void Put(ServiceName service, Placement placement)
    {
        Remove(service);
        Version++;
        _placed[service] = placement;
        foreach (var address in placement.Candidacy.Addresses) Add(_byAddress, address, service);
        if (placement.Node is { } node)
        {
            Add(_byNode, node, service);
            _load[node] = LoadOf(node) + placement.Candidacy.Addresses.Count;
        }
        if (placement.Node is null || placement.Unreachable.Count > 0) _unplaced.Add(service);
    }

    public void Remove(ServiceName service)
    {
        _unplaced.Remove(service);
        if (!_placed.Remove(service, out var placed)) return;
        Version++;
        foreach (var address in placed.Candidacy.Addresses)
        {
            if (_byAddress.TryGetValue(address, out var sharers) && sharers.Remove(service) && sharers.Count == 0) _byAddress.Remove(address);
        }
        if (placed.Node is not { } node) return;
        _byNode[node].Remove(service);
        _load[node] -= placed.Candidacy.Addresses.Count;
    }

    private static void Add<TKey, TSet>(Dictionary<TKey, TSet> index, TKey key, ServiceName service)
        where TKey : notnull
        where TSet : ISet<ServiceName>, new()
    {
        if (!index.TryGetValue(key, out var set)) index[key] = set = new();
        set.Add(service);
    }
}
