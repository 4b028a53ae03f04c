using OrleansLb.Core;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Routes;

/// <summary>
/// The nodes that read a set of routes. Each is told by itself that there is news, until it has heard: one that is slow or away delays no other.
/// </summary>
/// <param name="tell">Done when the node has heard.</param>
/// <param name="backoff">For one node.</param>
/// <param name="putOff">A node was not told, for that reason; calls what it is given after that time.</param>
internal sealed class RouteReaders(Func<NodeName, Task> tell, Func<Backoff> backoff, Action<NodeName, Exception?, TimeSpan, Func<Task>> putOff)
{
    private readonly Dictionary<NodeName, InsistentRun> _telling = [];

    /// <summary>The node reads the set: it is told of what comes from now on.</summary>
    public void Note(NodeName node)
    {
        if (!_telling.ContainsKey(node)) _telling[node] = new(() => Tell(node), backoff(), (why, delay, again) => putOff(node, why, delay, again));
    }

    public void TellSoon()
    {
        foreach (var telling in _telling.Values) _ = telling.Run(); // it never fails
    }

    private async Task<bool> Tell(NodeName node)
    {
        await tell(node);
        return true;
    }
}
