using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Storage;

/// <summary>One decision's view of the store, with the changes that it makes. It runs alone; what it did is dropped if it throws.</summary>
public sealed class StoreTransaction(StoreImage start, TimeProvider clock)
{
    private readonly ImmutableArray<StoreChange>.Builder _changes = ImmutableArray.CreateBuilder<StoreChange>();

    public StoreImage Image { get; private set; } = start;

    public DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>A dry run decides everything and keeps nothing.</summary>
    public bool DryRun { get; init; }

    public ImmutableArray<StoreChange> Changes() => _changes.ToImmutable();

    public StoredObject? Find(GroupResource resource, ObjectKey key) => Image.Find(resource, key);

    /// <summary>A dry run leaves an object the revision that it has, for it stays what it is.</summary>
    public StoredObject Put(GroupResource resource, JsonObject tree)
    {
        var before = Image.Find(resource, ObjectKey.Of(tree));
        var stored = StoredObject.Freeze(resource, tree, DryRun ? before?.Revision ?? 0 : Image.Revision + 1);
        _changes.Add(new(before, stored, Deleted: false));
        Image = Image.With(stored);
        return stored;
    }

    /// <summary>Removes the object; the tree is its last state, as watchers will see it.</summary>
    public StoredObject Remove(StoredObject present, JsonObject lastState)
    {
        var last = StoredObject.Freeze(present.Resource, lastState, Image.Revision + 1);
        _changes.Add(new(present, last, Deleted: true));
        Image = Image.Without(last);
        return last;
    }
}
