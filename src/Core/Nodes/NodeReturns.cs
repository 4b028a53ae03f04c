namespace OrleansLb.Core.Nodes;

/// <summary>Counts how often nodes come back, and says until when each is held down.</summary>
/// <param name="gains">True when a node may announce some service after the change of its interfaces, and could not before.</param>
internal sealed class NodeReturns(HoldDownRule rule, Func<NodeView, NodeView, bool> gains)
{
    private readonly Dictionary<NodeName, Queue<DateTimeOffset>> _returns = [];
    private readonly HashSet<NodeName> _met = [];
    private readonly List<NodeReturn> _news = [];

    /// <summary>The returns since the last call.</summary>
    public IReadOnlyList<NodeReturn> TakeNews()
    {
        var news = _news.ToList();
        _news.Clear();
        return news;
    }

    public void Forget(NodeName node)
    {
        _returns.Remove(node);
        _met.Remove(node);
    }

    /// <summary>The node as it is now, with its hold-down.</summary>
    public NodeView Judge(NodeView before, NodeView after, DateTimeOffset now)
    {
        if (Sign(before, after) is { } sign) return Hold(after, Count(after.Name, sign, now));
        if (after.Alive) _met.Add(after.Name);
        return after.Alive && after.SteadySince != before.SteadySince ? Hold(after, after.SteadySince + rule.First) : after;
    }

    private DateTimeOffset Count(NodeName node, string sign, DateTimeOffset now)
    {
        if (!_returns.TryGetValue(node, out var times)) _returns[node] = times = [];
        times.Enqueue(now);
        while (times.Count > HoldDownRule.MostReturns || times.Peek() < now - rule.Window) times.Dequeue();
        var until = now + rule.After(times.Count);
        _news.Add(new(node, sign, times.Count, until));
        return until;
    }

    private NodeView Hold(NodeView node, DateTimeOffset until) => node with
    {
        HeldUntil = node.HeldUntil > until ? node.HeldUntil : until,
        Returns = _returns.TryGetValue(node.Name, out var times) ? times.Count : 0,
    };

    /// <summary>What shows that the node has come back; null when nothing does. What an operator does by will, a drain or a label, is none.</summary>
    private string? Sign(NodeView before, NodeView after) => (before, after) switch
    {
        ({ Alive: false }, { Alive: true }) when _met.Contains(after.Name) => "its speaker is heard again",
        ({ Facts.Ready: false }, { Facts.Ready: true }) => "Kubernetes calls it ready again",
        ({ Facts.NetworkUnavailable: true }, { Facts.NetworkUnavailable: false }) => "its network is available again",
        ({ Alive: true }, { Alive: true }) when Regained(before, after) is { } link && gains(before, after) => $"its interface {link} can be used again",
        _ => null,
    };

    private static string? Regained(NodeView before, NodeView after) => before.Links == after.Links ? null : after.Links.Links
        .Where(link => link.Usable && link.Connected.Count > 0 && before.Links.Links.FirstOrDefault(known => known.Name == link.Name) is not { Usable: true })
        .Select(link => link.Name).FirstOrDefault();
}
