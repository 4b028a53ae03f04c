using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Client.Watching;

namespace OrleansLb.Kubernetes.Feed;

/// <summary>The objects of one kind as they were last seen. A new list is turned into what changed since.</summary>
internal sealed class Image<TObject, TValue>(Func<TObject, TValue?> select)
    where TObject : class, IApiObject
    where TValue : class
{
    private readonly Dictionary<(string? Namespace, string Name), TValue> _values = [];

    /// <summary>True once the objects were listed.</summary>
    public bool IsRead { get; private set; }

    public IEnumerable<TValue> Values => _values.Values;

    public TValue? this[string? ns, string name] => _values.GetValueOrDefault((ns, name));

    /// <summary>Takes the change in and tells every object that differs: its value before and after, null where it was or is not there.</summary>
    public IEnumerable<(TValue? Before, TValue? After)> Apply(Change<TObject> change) => change switch
    {
        Change<TObject>.Upsert upsert => One(Key(upsert.Item), select(upsert.Item)),
        Change<TObject>.Delete delete => One(Key(delete.Item), null),
        Change<TObject>.Snapshot snapshot => All(snapshot.Items),
        _ => [],
    };

    public void Clear()
    {
        _values.Clear();
        IsRead = false;
    }

    private static (string?, string) Key(TObject item) => (item.Metadata.Namespace, item.Metadata.Name);

    private List<(TValue? Before, TValue? After)> All(IReadOnlyList<TObject> items)
    {
        IsRead = true;
        var present = items.Select(Key).ToHashSet();
        var gone = _values.Keys.Where(key => !present.Contains(key)).ToList();
        return [.. gone.SelectMany(key => One(key, null)), .. items.SelectMany(item => One(Key(item), select(item)))];
    }

    private List<(TValue? Before, TValue? After)> One((string?, string) key, TValue? after)
    {
        var before = _values.GetValueOrDefault(key);
        if (after is null) _values.Remove(key);
        else _values[key] = after;
        return before is null && after is null ? [] : [(before, after)];
    }
}
