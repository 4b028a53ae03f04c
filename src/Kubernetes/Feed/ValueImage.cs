using OrleansLb.Core;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Client.Watching;

namespace OrleansLb.Kubernetes.Feed;

/// <summary>Objects of one kind as values of the model: told whole once, then one by one when their value differs.</summary>
internal sealed class ValueImage<TObject, TValue>(
    Func<TObject, TValue?> translate,
    Func<EquatableList<TValue>, ClusterChange> all,
    Func<TValue, ClusterChange> changed,
    Func<TValue, ClusterChange> gone)
    where TObject : class, IApiObject
    where TValue : class
{
    private readonly Image<TObject, TValue> _image = new(translate);
    private readonly List<ClusterChange> _due = [];
    private bool _absent;
    private bool _toldAll;

    public bool IsRead => _absent || _image.IsRead;

    public void Apply(Change<TObject> change)
    {
        _absent = false;
        foreach (var (before, after) in _image.Apply(change))
        {
            if (after is null) _due.Add(gone(before!));
            else if (!after.Equals(before)) _due.Add(changed(after));
        }
    }

    /// <summary>The cluster has no such kind, and so no objects of it.</summary>
    public void SetAbsent()
    {
        _absent = true;
        _due.AddRange(_image.Values.Select(gone));
        _image.Clear();
    }

    public IEnumerable<ClusterChange> Drain()
    {
        if (!IsRead) return [];
        ClusterChange[] changes = _toldAll ? [.. _due] : [all(_image.Values.ToEquatableList())];
        _toldAll = true;
        _due.Clear();
        return changes;
    }
}
