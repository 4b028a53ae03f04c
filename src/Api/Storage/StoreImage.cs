using System.Collections.Immutable;
using OrleansLb.Api.Resources;

namespace OrleansLb.Api.Storage;

/// <summary>Everything that is stored, at one revision. Immutable: readers keep theirs while writers make the next.</summary>
public sealed record StoreImage(long Revision)
{
    private ImmutableDictionary<GroupResource, ObjectTable> Tables { get; init; } = ImmutableDictionary<GroupResource, ObjectTable>.Empty;

    /// <summary>Who holds what.</summary>
    public ClaimIndex Claims { get; private init; } = ClaimIndex.Empty;

    /// <summary>The image of so many objects, made at once; each has a place of its own.</summary>
    public static StoreImage Of(long revision, IReadOnlyCollection<StoredObject> objects)
    {
        var claims = Task.Run(() => ClaimIndex.Of(objects));
        var tables = objects.GroupBy(stored => stored.Resource).AsParallel().Select(table => KeyValuePair.Create(table.Key, ObjectTable.Of(table)));
        return new(objects.Select(stored => stored.Revision).Append(revision).Max())
        {
            Tables = tables.ToImmutableDictionary(),
            Claims = claims.GetAwaiter().GetResult(),
        };
    }

    public IEnumerable<GroupResource> Resources => Tables.Keys;

    public ObjectTable Table(GroupResource resource) => Tables.GetValueOrDefault(resource, ObjectTable.Empty);

    public StoredObject? Find(GroupResource resource, ObjectKey key) => Table(resource).Find(key);

    /// <summary>The objects that hold this claim.</summary>
    public ImmutableHashSet<ObjectRef> Holders(string claim) => Claims.Holders(claim);

    public StoreImage With(StoredObject stored) => this with
    {
        Revision = Math.Max(Revision, stored.Revision),
        Tables = Tables.SetItem(stored.Resource, Table(stored.Resource).With(stored)),
        Claims = Claims.Replace(Find(stored.Resource, stored.Key), stored),
    };

    public StoreImage Without(StoredObject last) => this with
    {
        Revision = Math.Max(Revision, last.Revision),
        Tables = Tables.SetItem(last.Resource, Table(last.Resource).Without(last.Key)),
        Claims = Claims.Replace(Find(last.Resource, last.Key), null),
    };
}
