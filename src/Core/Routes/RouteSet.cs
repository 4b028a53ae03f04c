namespace OrleansLb.Core.Routes;

/// <summary>A step of the cluster's shared set of routable services.</summary>
/// <param name="Version">The version that the step leads to.</param>
/// <param name="Whole">The step is the whole set: what it lacks is gone.</param>
/// <param name="Complete">Every service has told its part since the cluster started.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.RouteSetStep")]
public sealed record RouteSetStep(
    [property: Id(0)] long Version,
    [property: Id(1)] bool Whole,
    [property: Id(2)] bool Complete,
    [property: Id(3)] EquatableList<RoutableService> Changed,
    [property: Id(4)] EquatableList<ServiceName> Gone);

/// <summary>The routable services of a cluster by the versions at which they last changed, so that a reader gets only what it has not seen.</summary>
/// <param name="start">The first version; higher than any that an earlier set may have told.</param>
public sealed class RouteSet(long start)
{
    private const int GoneRemembered = 4096;

    private readonly Dictionary<ServiceName, LinkedListNode<Entry>> _entries = [];
    private readonly LinkedList<Entry> _byVersion = new(); // oldest change first
    private readonly Queue<ServiceName> _gone = [];
    private long _oldest = start;

    private sealed record Entry(ServiceName Name, long Version, RoutableService? Service);

    public long Version { get; private set; } = start;

    /// <summary>Takes a service as it is now; null when nothing is to be announced for it. True when that is news.</summary>
    public bool Put(ServiceName name, RoutableService? service)
    {
        var known = _entries.GetValueOrDefault(name);
        if (known?.Value.Service == service) return false;
        if (known is not null) _byVersion.Remove(known);
        _entries[name] = _byVersion.AddLast(new Entry(name, ++Version, service));
        if (service is null) Forget(name);
        return true;
    }

    /// <summary>What changed since a version that this set told; the whole set for any other.</summary>
    public RouteSetStep Since(long version, bool complete)
    {
        if (version < _oldest || version > Version)
        {
            var all = _byVersion.Select(entry => entry.Service).OfType<RoutableService>().OrderBy(service => service.Service);
            return new(Version, true, complete, all.ToEquatableList(), []);
        }
        List<Entry> news = [];
        for (var node = _byVersion.Last; node is not null && node.Value.Version > version; node = node.Previous) news.Add(node.Value);
        return new(
            Version, false, complete,
            news.Select(entry => entry.Service).OfType<RoutableService>().ToEquatableList(),
            news.Where(entry => entry.Service is null).Select(entry => entry.Name).ToEquatableList());
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
