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
    public async Task<Sighting> First(Func<Sighting, bool> wanted, CancellationToken cancellation)
    {
        while (true)
        {
            var more = Volatile.Read(ref _more).Task; // before the look, so that nothing falls between look and wait
            if (Volatile.Read(ref _seen).Find(sighting => wanted(sighting)) is { } sighting) return sighting;
            await more.WaitAsync(cancellation);
        }
    }

    /// <summary>All that were seen at this time (<see cref="TimeProvider.GetTimestamp"/>) or later.</summary>
    public IReadOnlyList<Sighting> Since(long time) => Volatile.Read(ref _seen).FindAll(sighting => sighting.At >= time);

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
