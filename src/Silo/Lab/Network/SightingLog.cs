using System.Collections.Immutable;

namespace OrleansLb.Silo.Lab.Network;

/// <summary>What was seen so far, in its order; one may wait for what is yet to come.</summary>
internal sealed class SightingLog
{
    private ImmutableList<Sighting> _seen = [];
    private TaskCompletionSource _more = NewSignal();

    public void Add(Sighting sighting)
    {
        ImmutableInterlocked.Update(ref _seen, static (seen, added) => seen.Add(added), sighting);
        Interlocked.Exchange(ref _more, NewSignal()).SetResult();
    }

    /// <summary>The first, of those seen already or yet to come, that is wanted.</summary>
    public Task<Sighting> First(Func<Sighting, bool> wanted, CancellationToken cancellation) => First(long.MinValue, wanted, cancellation);

    /// <summary>Likewise, of those seen at this time (<see cref="TimeProvider.GetTimestamp"/>) or later.</summary>
    public async Task<Sighting> First(long since, Func<Sighting, bool> wanted, CancellationToken cancellation)
    {
        while (true)
        {
            var more = Volatile.Read(ref _more).Task; // before the look, so that nothing falls between look and wait
            var seen = Volatile.Read(ref _seen);
            if (seen.FindIndex(FirstAt(seen, since), sighting => wanted(sighting)) is >= 0 and var index) return seen[index];
            await more.WaitAsync(cancellation);
        }
    }

    /// <summary>All that were seen at this time (<see cref="TimeProvider.GetTimestamp"/>) or later.</summary>
    public IReadOnlyList<Sighting> Since(long time)
    {
        var seen = Volatile.Read(ref _seen);
        var first = FirstAt(seen, time);
        return seen.GetRange(first, seen.Count - first);
    }

    /// <summary>
    /// Halving, for the log of many addresses grows long. Two listeners may note their frames in an order that is off by as little as they are apart.
    /// </summary>
    private static int FirstAt(ImmutableList<Sighting> seen, long time)
    {
        var (from, to) = (0, seen.Count);
        while (from < to)
        {
            var middle = (from + to) / 2;
            if (seen[middle].At < time) from = middle + 1;
            else to = middle;
        }
        return from;
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
