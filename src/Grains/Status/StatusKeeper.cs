using OrleansLb.Core.Ports;

namespace OrleansLb.Grains.Status;

/// <summary>
/// Keeps the status objects of one kind the same as what a grain knows, for all nodes: a few at a time, those that are to go first. Belongs
/// to the grain that knows, and is run by its timer.
/// </summary>
/// <param name="wanted">The objects as they are to be; null while the grain does not know all of them yet, and so cannot tell which are to go.</param>
internal sealed class StatusKeeper(StatusKind kind, IStatusObjectStore store, ReportOptions options, TimeProvider time,
    Func<Task<IReadOnlyCollection<StatusObject>?>> wanted)
{
    private const int AtOnce = 8;

    /// <summary>After so many intervals of writing it is compared anew what is still to be written.</summary>
    private const int IntervalsPerComparison = 10;

    private readonly Queue<(StatusSubject Subject, StatusObject? Stays)> _due = [];

    /// <summary>What stands there, as far as it is known; null for an object that is there and has not been written by this activation.</summary>
    private Dictionary<StatusSubject, StatusObject?> _standing = [];

    private DateTimeOffset _read = DateTimeOffset.MinValue;

    /// <summary>Changes with time alone, so that what stands is compared now and then although nothing was heard of.</summary>
    public long Period => time.GetUtcNow().Ticks / options.CompareInterval.Ticks;

    /// <summary>One step; true when everything stands as it is to.</summary>
    public async Task<bool> Step()
    {
        if (!options.Announcements) return true;
        if (_due.Count > 0) return await Write();
        if (await wanted() is not { } known) return false;
        if (time.GetUtcNow() - _read >= options.CompareInterval) await Read();
        Compare(known);
        return _due.Count == 0 || await Write();
    }

    /// <summary>Whatever is gone is made again, and what nobody knows of here is removed.</summary>
    private async Task Read()
    {
        var found = await store.Standing(kind, null, CancellationToken.None);
        _standing = found.ToDictionary(subject => subject, subject => _standing.GetValueOrDefault(subject));
        _read = time.GetUtcNow();
    }

    private void Compare(IReadOnlyCollection<StatusObject> known)
    {
        var keep = known.Select(item => item.Subject).ToHashSet();
        var gone = _standing.Keys.Where(subject => !keep.Contains(subject)).Select(subject => (subject, (StatusObject?)null));
        var changed = known.Where(item => !item.Equals(_standing.GetValueOrDefault(item.Subject))).Select(item => (item.Subject, (StatusObject?)item));
        foreach (var item in gone.Concat(changed).Take(options.ObjectsPerInterval * IntervalsPerComparison)) _due.Enqueue(item);
    }

    /// <summary>Writes some of what is due; false, as what has changed meanwhile is for the next step.</summary>
    private async Task<bool> Write()
    {
        var now = Enumerable.Range(0, Math.Min(options.ObjectsPerInterval, _due.Count)).Select(_ => _due.Dequeue()).ToList();
        try
        {
            foreach (var part in now.Chunk(AtOnce)) await Task.WhenAll(part.Select(item => Write(item.Subject, item.Stays)));
            return false;
        }
        catch (RecordUnavailableException)
        {
            _due.Clear();
            throw;
        }
    }

    private async Task Write(StatusSubject subject, StatusObject? stays)
    {
        if (stays is null) await store.Delete(subject, CancellationToken.None);
        else await store.Put(stays, CancellationToken.None);
        if (stays is null) _standing.Remove(subject);
        else _standing[subject] = stays;
    }
}
