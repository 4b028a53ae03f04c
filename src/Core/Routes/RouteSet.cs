namespace OrleansLb.Core.Routes;

/// <summary>How far a reader has come in a set: versions of one set mean nothing in another.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.RouteSetPosition")]
public readonly record struct RouteSetPosition([property: Id(0)] Guid Set, [property: Id(1)] long Version);

/// <summary>A step of the cluster's shared set of routable services.</summary>
/// <param name="Position">Where the step leads to.</param>
/// <param name="Whole">The step is the whole set: what it lacks is gone.</param>
/// <param name="Complete">Every service has told its part since the cluster started.</param>
/// <param name="TraceParent">W3C trace context of what led to the last of the changes; null for a whole set, which no change led to.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.RouteSetStep")]
public sealed record RouteSetStep(
    [property: Id(0)] RouteSetPosition Position,
    [property: Id(1)] bool Whole,
    [property: Id(2)] bool Complete,
    [property: Id(3)] EquatableList<RoutableService> Changed,
    [property: Id(4)] EquatableList<ServiceName> Gone,
    [property: Id(5)] string? TraceParent = null);

/// <summary>The routable services of a cluster by the versions at which they last changed, so that a reader gets only what it has not seen.</summary>
/// <param name="id">Unlike that of any other set.</param>
public sealed class RouteSet(Guid id)
{
    private const int GoneRemembered = 4096;

    private readonly Dictionary<ServiceName, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byVersion = new(); // oldest change first
    private readonly Queue<ServiceName> _gone = [];
    private long _oldest;

    /// <param name="Word">The service's own number for what it said.</param>
    private sealed record Entry(ServiceName Name, long Version, RoutableService? Service, long Word, string? TraceParent);

    public RouteSetPosition Position { get; private set; } = new(id, 0);

    /// <summary>The number of what the service has said after this word, or another activation of it under the same number; null when this is its last.</summary>
    public long? Outdone(ServiceName name, RoutableService? service, long word) =>
        _entries.GetValueOrDefault(name)?.Value is { } known && (known.Word > word || (known.Word == word && known.Service != service)) ? known.Word : null;

    /// <summary>Takes a service as it is now; null when nothing is to be announced for it. True when that is news.</summary>
    /// <param name="word">By which <see cref="Outdone"/> knows what was said before it and comes late.</param>
    /// <param name="traceParent">W3C trace context of what made it so.</param>
    public bool Put(ServiceName name, RoutableService? service, long word, string? traceParent = null)
    {
        var known = _entries.GetValueOrDefault(name);
        if (known is not null && known.Value.Service == service)
        {
            known.Value = known.Value with { Word = word };
            return false;
        }
        var isNews = known is not null || service is not null;
        if (known is not null) _byVersion.Remove(known);
        if (isNews) Position = Position with { Version = Position.Version + 1 };
        _entries[name] = _byVersion.AddLast(new Entry(name, Position.Version, service, word, traceParent));
        if (service is null) Forget(name);
        return isNews;
    }

    /// <summary>What changed since a position that this set told; the whole set for any other.</summary>
    public RouteSetStep Since(RouteSetPosition position, bool complete)
    {
        if (position.Set != id || position.Version < _oldest)
        {
            var all = _byVersion.Select(entry => entry.Service).OfType<RoutableService>().OrderBy(service => service.Service);
            return new(Position, true, complete, all.ToEquatableList(), []);
        }
        List<Entry> news = [];
        for (var node = _byVersion.Last; node is not null && node.Value.Version > position.Version; node = node.Previous) news.Add(node.Value);
        return new(
            Position, false, complete,
            news.Select(entry => entry.Service).OfType<RoutableService>().ToEquatableList(),
            news.Where(entry => entry.Service is null).Select(entry => entry.Name).ToEquatableList(),
            news.Find(entry => entry.TraceParent is not null)?.TraceParent);
    }

    /// <summary>Services that are gone are remembered for readers that are behind, but not for ever.</summary>
    private void Forget(ServiceName name)
    {
        _gone.Enqueue(name);
        if (_gone.Count <= GoneRemembered) return;
        var oldest = _gone.Dequeue();
        if (!_entries.TryGetValue(oldest, out var node) || node.Value.Service is not null) return;
        _entries.Remove(oldest);
        _byVersion.Remove(node);
        _oldest = Math.Max(_oldest, node.Value.Version);
    }
}
