using System.Collections.Immutable;

namespace OrleansLb.Api.Storage;

/// <summary>
/// Keeps nothing. Revisions start at the clock, so that a client which outlives the process finds its old revision
/// expired instead of mistaking it for one of the new life.
/// </summary>
public sealed class MemoryJournal(TimeProvider clock) : IObjectJournal
{
    public StoreImage Load() => new(clock.GetUtcNow().ToUnixTimeMilliseconds());

    public void Commit(ImmutableArray<StoreChange> changes)
    {
    }

    public void Dispose()
    {
    }
}
