using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Pools;

/// <summary>
/// What the record says of a pool's claims, taken up into its books: all of it before anything is decided, and then each change, but none that is older than what
/// was written here, nor before the write that is under way there has ended.
/// </summary>
internal sealed class RecordedClaims
{
    private readonly PoolBook _book;
    private readonly IClaimStore _store;
    private readonly FeedFilter _filter;
    private readonly ClaimWriter _writer;
    private readonly Action _read;
    private readonly Action<IReadOnlyCollection<ClaimHolder>?> _changed;
    private readonly Recollection _all;
    private readonly SingleFlight _checking;

    /// <param name="read">All has been taken up for the first time.</param>
    /// <param name="changed">A claim is another or gone, with those who held the address by it and do no more; null: nobody has lost it, nor is it free.</param>
    public RecordedClaims(
        PoolBook book, IClaimStore store, FeedFilter filter, ClaimWriter writer, Action read, Action<IReadOnlyCollection<ClaimHolder>?> changed)
    {
        (_book, _store, _filter, _writer, _read, _changed) = (book, store, filter, writer, read, changed);
        _all = new(async () => TakeUp(await store.List(book.Name, CancellationToken.None)));
        _checking = new(CheckOnce);
    }

    /// <summary>Done when the books have all that the record had. Fails while that cannot be read.</summary>
    public Task Known() => _all.Known();

    /// <summary>
    /// All claims, as they were read; a pool that knows nothing yet has them for its beginning, and need not read them itself. True: some that the books have
    /// are not among them, and only the record itself can tell whether they are younger than that reading (<see cref="Check"/>).
    /// </summary>
    public async Task<bool> Read(EquatableList<AddressClaim> claims)
    {
        if (_all.TryTell())
        {
            TakeUp(claims);
            return false;
        }
        await Known();
        var read = claims.Select(claim => claim.Address).ToHashSet();
        var missing =
            _book.Claims.Where(claim => !read.Contains(claim.Address)).ToLookup(claim => _filter.IsMissed(claim) && !_writer.IsInFlight(claim.Address));
        foreach (var gone in missing[true].ToList()) Forget(gone);
        foreach (var claim in claims) _writer.Judge(claim, () => Adopt(claim));
        return missing[false].Any();
    }

    public async Task Changed(AddressClaim claim)
    {
        await Known();
        _writer.Judge(claim, () => Adopt(claim));
    }

    public async Task Gone(AddressClaim claim)
    {
        await Known();
        _writer.Judge(claim, () => Forget(claim));
    }

    /// <summary>Asks the record itself which claims are gone.</summary>
    public Task Check() => _checking.Run();

    private async Task CheckOnce()
    {
        await _writer.WhenLanded();
        var known = _book.Claims.Where(claim => !_writer.IsInFlight(claim.Address)).ToList();
        var standing = (await _store.List(_book.Name, CancellationToken.None)).Select(claim => claim.Address).ToHashSet();
        foreach (var gone in known.Where(claim =>
            !standing.Contains(claim.Address) && ReferenceEquals(_book.At(claim.Address), claim) && !_writer.IsInFlight(claim.Address)))
        {
            Forget(gone);
        }
    }

    private void TakeUp(EquatableList<AddressClaim> claims)
    {
        foreach (var claim in claims.OrderBy(claim => claim.Address)) _book.Put(claim);
        _read();
    }

    private void Adopt(AddressClaim claim)
    {
        if (!_filter.IsNews(claim)) return;
        var before = _book.At(claim.Address);
        _book.Put(claim);
        _changed(Deprived(before, claim.Holders));
    }

    private void Forget(AddressClaim gone)
    {
        if (!_filter.IsNewsOfLoss(gone)) return;
        var before = _book.At(gone.Address);
        _book.Remove(gone.Address);
        _changed(Deprived(before, []));
    }

    /// <summary>Those from whom somebody else took the address. What nobody held, as a reservation, may be free now although nobody lost it.</summary>
    private static List<ClaimHolder>? Deprived(AddressClaim? before, EquatableList<ClaimHolder> holders)
    {
        var deprived = (before?.Holders ?? []).Except(holders).ToList();
        return before is null || (deprived.Count == 0 && before.Holders.Count > 0) ? null : deprived;
    }
}
