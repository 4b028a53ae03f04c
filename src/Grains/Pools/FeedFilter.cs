using System.Globalization;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;

namespace OrleansLb.Grains.Pools;

/// <summary>
/// Tells what is news of what the feed says about claims: the feed comes later than the answers to this grain's own writes. It spares detours and no
/// more; where it is wrong, or versions are not numbers, the compare-and-swap of the next write finds out.
/// </summary>
internal sealed class FeedFilter(PoolBook book)
{
    /// <summary>Claims that this grain deleted, with their last version, until the feed has shown that they are gone.</summary>
    private readonly Dictionary<Address, string> _deleted = [];

    /// <summary>Claims that this grain created and the feed has not shown yet.</summary>
    private readonly HashSet<Address> _unseen = [];

    /// <summary>Takes note of a write of this grain's own.</summary>
    public void Wrote(ClaimChange change)
    {
        if (change.Before is null) _unseen.Add(change.Address);
        if (change.After is not null) _deleted.Remove(change.Address);
        else _deleted[change.Address] = change.Before!.Version;
    }

    public bool IsNews(AddressClaim claim)
    {
        _unseen.Remove(claim.Address);
        if (book.At(claim.Address) is { } known) return !IsOlder(claim.Version, known.Version);
        return !_deleted.TryGetValue(claim.Address, out var last) || IsOlder(last, claim.Version);
    }

    /// <summary>True when the books still have the claim that is gone, and not one that was created since.</summary>
    public bool IsNewsOfLoss(AddressClaim gone)
    {
        _deleted.Remove(gone.Address);
        return book.At(gone.Address) is { } known && !IsOlder(gone.Version, known.Version);
    }

    /// <summary>True when a whole reading of the record should have had the claim.</summary>
    public bool IsMissed(AddressClaim known) => !_unseen.Contains(known.Address);

    /// <summary>Versions may be compared as numbers (KEP-5504); where they are none, nothing is older.</summary>
    private static bool IsOlder(string version, string than) =>
        ulong.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var left)
        && ulong.TryParse(than, NumberStyles.None, CultureInfo.InvariantCulture, out var right)
        && left < right;
}
