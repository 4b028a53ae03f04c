namespace OrleansLb.Kubernetes.Client.Watching;

/// <summary>A change to the objects of one kind.</summary>
public abstract record Change<T>
{
    private Change()
    {
    }

    /// <summary>All objects there are: what the consumer holds besides these is gone.</summary>
    public sealed record Snapshot(IReadOnlyList<T> Items) : Change<T>;

    /// <summary>An object appeared or changed.</summary>
    public sealed record Upsert(T Item) : Change<T>;

    /// <summary>An object is gone, or no longer matches the selectors; <see cref="Item"/> is its last state.</summary>
    public sealed record Delete(T Item) : Change<T>;
}
