using System.Collections.Immutable;

namespace OrleansLb.Api.Storage;

/// <summary>Which objects hold which claims; immutable. A claim is a kind and a value with a slash between.</summary>
public sealed class ClaimIndex
{
    private static readonly ImmutableHashSet<ObjectRef> Nobody = [];

    private readonly ImmutableDictionary<string, ImmutableHashSet<ObjectRef>> _holders;
    private readonly ImmutableDictionary<string, int> _counts;

    private ClaimIndex(ImmutableDictionary<string, ImmutableHashSet<ObjectRef>> holders, ImmutableDictionary<string, int> counts) =>
        (_holders, _counts) = (holders, counts);

    public static ClaimIndex Empty { get; } =
        new(ImmutableDictionary.Create<string, ImmutableHashSet<ObjectRef>>(StringComparer.Ordinal), ImmutableDictionary<string, int>.Empty);

    public static ClaimIndex Of(IEnumerable<StoredObject> objects)
    {
        var holders = objects
            .SelectMany(stored => stored.Claims.Select(claim => (Claim: claim, Holder: ObjectRef.To(stored))))
            .GroupBy(held => held.Claim, held => held.Holder, StringComparer.Ordinal)
            .ToImmutableDictionary(held => held.Key, held => held.ToImmutableHashSet(), StringComparer.Ordinal);
        return new(holders, holders.Keys.CountBy(KindOf).ToImmutableDictionary());
    }

    public ImmutableHashSet<ObjectRef> Holders(string claim) => _holders.GetValueOrDefault(claim, Nobody);

    /// <summary>How many different claims of this kind are held.</summary>
    public int Count(string kind) => _counts.GetValueOrDefault(kind);

    /// <summary>The index when an object has become another state of itself; null stands for none.</summary>
    public ClaimIndex Replace(StoredObject? before, StoredObject? after)
    {
        if (before is not null && after is not null && before.Claims.AsSpan().SequenceEqual(after.Claims.AsSpan())) return this;
        var index = this;
        foreach (var claim in before?.Claims ?? []) index = index.Release(claim, ObjectRef.To(before!));
        foreach (var claim in after?.Claims ?? []) index = index.Take(claim, ObjectRef.To(after!));
        return index;
    }

    private ClaimIndex Take(string claim, ObjectRef holder)
    {
        var present = Holders(claim);
        return new(_holders.SetItem(claim, present.Add(holder)), present.IsEmpty ? Counted(claim, 1) : _counts);
    }

    private ClaimIndex Release(string claim, ObjectRef holder)
    {
        var left = Holders(claim).Remove(holder);
        return left.IsEmpty ? new(_holders.Remove(claim), Counted(claim, -1)) : new(_holders.SetItem(claim, left), _counts);
    }

    /// <summary>Moves the count of the claim's kind.</summary>
    private ImmutableDictionary<string, int> Counted(string claim, int change)
    {
        var kind = KindOf(claim);
        return _counts.SetItem(kind, _counts.GetValueOrDefault(kind) + change);
    }

    private static string KindOf(string claim) => claim[..claim.IndexOf('/', StringComparison.Ordinal)];
}
