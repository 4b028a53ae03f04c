using OrleansLb.Core.Election;

namespace OrleansLb.Core.Nodes;

/// <summary>All nodes, from what the record and what their speakers say. Each change answers which nodes are not what they were.</summary>
/// <param name="gains">True when a node may announce some service after a change of its interfaces, and could not before.</param>
public sealed class NodeRegister(HoldDownRule rule, Func<NodeView, NodeView, bool> gains)
{
    private readonly SortedDictionary<NodeName, NodeView> _nodes = [];
    private readonly NodeReturns _returns = new(rule, gains);
    private ClusterView _view = ClusterView.Empty;

    /// <summary>All nodes as they stand at that time: a hold-down that is over is not in it.</summary>
    public ClusterView ViewAt(DateTimeOffset now)
    {
        if (_view.Nodes.All(node => node.HeldUntil is not { } until || until > now)) return _view;
        foreach (var node in _view.Nodes.Where(node => node.HeldUntil <= now)) _nodes[node.Name] = node with { HeldUntil = null };
        return _view = _view with { Nodes = _nodes.Values.ToEquatableList() };
    }

    /// <summary>The nodes that have come back since the last call.</summary>
    public IReadOnlyList<NodeReturn> TakeReturns() => _returns.TakeNews();

    /// <summary>
    /// The record was read whole. A node that it lacks stays on the word of its living speaker; one that it lacks by now was deleted, and is to be left.
    /// </summary>
    public EquatableList<NodeName> Read(EquatableList<NodeFacts> facts, DateTimeOffset now)
    {
        var known = facts.Select(node => node.Name).ToHashSet();
        var changed = _nodes.Keys.Where(node => !known.Contains(node)).ToList().Where(node => Forget(node, now)).ToList();
        changed.AddRange(facts.Where(node => Take(node, now)).Select(node => node.Name));
        return Changed(changed, now);
    }

    public EquatableList<NodeName> Put(NodeFacts facts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return Changed(Take(facts, now) ? [facts.Name] : [], now);
    }

    /// <summary>The node was deleted: while its speaker lives it goes on with what nobody else may announce.</summary>
    public EquatableList<NodeName> Remove(NodeName node, DateTimeOffset now) => Changed(Forget(node, now) ? [node] : [], now);

    /// <summary>What a node's speaker says.</summary>
    public EquatableList<NodeName> Put(NodeName node, Func<NodeView, NodeView> heard, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(heard);
        return Changed(Set(node, heard(At(node)), now) ? [node] : [], now);
    }

    private NodeView At(NodeName node) =>
        _nodes.GetValueOrDefault(node) ?? new(node, null, NodeLinks.None, Alive: false, Draining: false, SteadySince: default, Load: 0);

    private bool Take(NodeFacts facts, DateTimeOffset now) => Set(facts.Name, At(facts.Name) with { Facts = facts }, now);

    private bool Forget(NodeName node, DateTimeOffset now)
    {
        if (!_nodes.TryGetValue(node, out var view) || (view.Facts is null && view.Alive)) return false;
        if (view.Alive) return Set(node, view with { Facts = view.Facts! with { Draining = true } }, now);
        _returns.Forget(node);
        return _nodes.Remove(node);
    }

    private bool Set(NodeName node, NodeView view, DateTimeOffset now)
    {
        if (_nodes.GetValueOrDefault(node) == view) return false;
        _nodes[node] = _returns.Judge(At(node), view, now);
        return true;
    }

    private EquatableList<NodeName> Changed(List<NodeName> nodes, DateTimeOffset now)
    {
        if (nodes.Count > 0) _view = new(Epoch.Next(_view.Version, now), _nodes.Values.ToEquatableList());
        return [.. nodes];
    }
}
