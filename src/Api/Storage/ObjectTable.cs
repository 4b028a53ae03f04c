using System.Collections.Immutable;

namespace OrleansLb.Api.Storage;

/// <summary>All objects of one resource in key order; immutable, so that a reader pages through one moment.</summary>
public sealed class ObjectTable
{
    public static ObjectTable Empty { get; } = new(ImmutableSortedSet.Create<Row>(ByKey.Instance));

    private readonly ImmutableSortedSet<Row> _rows;

    private ObjectTable(ImmutableSortedSet<Row> rows) => _rows = rows;

    public static ObjectTable Of(IEnumerable<StoredObject> objects) =>
        new(objects.Select(stored => new Row(stored.Key, stored)).ToImmutableSortedSet(ByKey.Instance));

    public int Count => _rows.Count;

    public IEnumerable<StoredObject> All => _rows.Select(row => row.Object!);

    public StoredObject? Find(ObjectKey key) => _rows.TryGetValue(new(key, null), out var row) ? row.Object : null;

    public ObjectTable With(StoredObject stored)
    {
        var row = new Row(stored.Key, stored);
        return new(_rows.Remove(row).Add(row));
    }

    public ObjectTable Without(ObjectKey key) => new(_rows.Remove(new(key, null)));

    /// <summary>The objects of a namespace (of all, if it is empty) that follow the key, or from the start.</summary>
    public IEnumerable<StoredObject> After(string @namespace, ObjectKey? key)
    {
        if (@namespace.Length == 0 && key is null) return All;
        return Range(@namespace, StartIndex(key ?? new ObjectKey(@namespace, ""), exclusive: key is not null));
    }

    private int StartIndex(ObjectKey key, bool exclusive)
    {
        var index = _rows.IndexOf(new(key, null));
        return index < 0 ? ~index : exclusive ? index + 1 : index;
    }

    private IEnumerable<StoredObject> Range(string @namespace, int start)
    {
        for (var i = start; i < _rows.Count; i++)
        {
            var stored = _rows[i].Object!;
            if (@namespace.Length > 0 && stored.Key.Namespace != @namespace) yield break;
            yield return stored;
        }
    }

    private readonly record struct Row(ObjectKey Key, StoredObject? Object);

    private sealed class ByKey : IComparer<Row>
    {
        public static ByKey Instance { get; } = new();

        public int Compare(Row x, Row y) => x.Key.Compare(y.Key);
    }
}
