using System.Collections.Immutable;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Storage;

/// <summary>Everything that is stored, at one revision. Immutable: readers keep theirs while writers make the next.</summary>
public sealed record StoreImage(long Revision)
{
    private static readonly ImmutableHashSet<ObjectRef> NoHolders = [];

    private ImmutableDictionary<GroupResource, ObjectTable> Tables { get; init; } = ImmutableDictionary<GroupResource, ObjectTable>.Empty;

    private ImmutableDictionary<string, ImmutableHashSet<ObjectRef>> Index { get; init; } = ImmutableDictionary.Create<string, ImmutableHashSet<ObjectRef>>(StringComparer.Ordinal);

    public IEnumerable<GroupResource> Resources => Tables.Keys;

    public ObjectTable Table(GroupResource resource) => Tables.GetValueOrDefault(resource, ObjectTable.Empty);

    public StoredObject? Find(GroupResource resource, ObjectKey key) => Table(resource).Find(key);

    /// <summary>The objects that hold this claim.</summary>
    public ImmutableHashSet<ObjectRef> Holders(string claim) => Index.GetValueOrDefault(claim, NoHolders);

    public StoreImage With(StoredObject stored)
    {
        var index = Reindex(Index, Find(stored.Resource, stored.Key), stored);
        return this with
        {
            Revision = Math.Max(Revision, stored.Revision),
            Tables = Tables.SetItem(stored.Resource, Table(stored.Resource).With(stored)),
            Index = index,
        };
    }

    public StoreImage Without(StoredObject last) => this with
    {
        Revision = Math.Max(Revision, last.Revision),
        Tables = Tables.SetItem(last.Resource, Table(last.Resource).Without(last.Key)),
        Index = Reindex(Index, Find(last.Resource, last.Key), null),
    };

    private static ImmutableDictionary<string, ImmutableHashSet<ObjectRef>> Reindex(
        ImmutableDictionary<string, ImmutableHashSet<ObjectRef>> index, StoredObject? before, StoredObject? after)
    {
        if (before is { Claims.Length: > 0 } && after is not null && before.Claims.AsSpan().SequenceEqual(after.Claims.AsSpan())) return index;
        foreach (var claim in before?.Claims ?? []) index = Release(index, claim, ObjectRef.To(before!));
        foreach (var claim in after?.Claims ?? []) index = index.SetItem(claim, index.GetValueOrDefault(claim, NoHolders).Add(ObjectRef.To(after!)));
        return index;
    }

    private static ImmutableDictionary<string, ImmutableHashSet<ObjectRef>> Release(
        ImmutableDictionary<string, ImmutableHashSet<ObjectRef>> index, string claim, ObjectRef holder)
    {
        var left = index.GetValueOrDefault(claim, NoHolders).Remove(holder);
        return left.IsEmpty ? index.Remove(claim) : index.SetItem(claim, left);
    }
}
