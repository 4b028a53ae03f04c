using OrleansLb.Core.Election;

namespace OrleansLb.Core.Nodes;

/// <summary>All nodes, from what the record and what their speakers say. Each change answers which nodes are not what they were.</summary>
public sealed class NodeRegister
{
    private readonly SortedDictionary<NodeName, NodeView> _nodes = [];

    public ClusterView View { get; private set; } = ClusterView.Empty;

    /// <summary>The record was read whole; a node that it lacks stays on the word of its living speaker.</summary>
    public EquatableList<NodeName> Read(EquatableList<NodeFacts> facts, DateTimeOffset now)
    {
        var known = facts.Select(node => node.Name).ToHashSet();
        var changed = _nodes.Keys.Where(node => !known.Contains(node)).ToList().Where(Forget).ToList();
        changed.AddRange(facts.Where(Take).Select(node => node.Name));
        return Changed(changed, now);
    }

    public EquatableList<NodeName> Put(NodeFacts facts, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return Changed(Take(facts) ? [facts.Name] : [], now);
    }

    public EquatableList<NodeName> Remove(NodeName node, DateTimeOffset now) => Changed(Forget(node) ? [node] : [], now);

    /// <summary>What a node's speaker says.</summary>
    public EquatableList<NodeName> Put(NodeName node, Func<NodeView, NodeView> heard, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(heard);
        return Changed(Set(node, heard(At(node))) ? [node] : [], now);
    }

    private NodeView At(NodeName node) =>
        _nodes.GetValueOrDefault(node) ?? new(node, null, NodeLinks.None, Alive: false, Draining: false, SteadySince: default, Load: 0);

    private bool Take(NodeFacts facts) => Set(facts.Name, At(facts.Name) with { Facts = facts });

    private bool Forget(NodeName node)
    {
        if (!_nodes.TryGetValue(node, out var view) || (view.Facts is null && view.Alive)) return false;
        return view.Alive ? Set(node, view with { Facts = null }) : _nodes.Remove(node);
    }

    private bool Set(NodeName node, NodeView view)
    {
        if (_nodes.GetValueOrDefault(node) == view) return false;
        _nodes[node] = view;
        return true;
    }

    private EquatableList<NodeName> Changed(List<NodeName> nodes, DateTimeOffset now)
    {
        if (nodes.Count > 0) View = new(Epoch.Next(View.Version, now), _nodes.Values.ToEquatableList());
        return [.. nodes];
    }
}
