using System.Collections.Immutable;

namespace OrleansLb.Api.Storage;

/// <summary>
/// Keeps nothing. Revisions start at the clock, in microseconds, and rise by one with each write, so that a client which outlives the process finds its old
/// revision expired instead of mistaking it for one of the new life: no process writes a million times a second.
/// </summary>
public sealed class MemoryJournal(TimeProvider clock) : IObjectJournal
{
    public StoreImage Load() => new((clock.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond);

    public void Commit(ImmutableArray<StoreChange> changes)
    {
    }

    public void Dispose()
    {
    }
}
