namespace OrleansLb.Speaker.Fencing;

/// <summary>Words of the cluster about plans that have not come yet. Each counts once its plan is followed.</summary>
internal sealed class PlanPromises
{
    /// <summary>A speaker so far behind is asked about again before the oldest of these could count.</summary>
    private const int Most = 64;

    private readonly Queue<(long AskedAt, long Version)> _waiting = [];

    public void Add(long askedAt, long version)
    {
        if (_waiting.Count == Most) _waiting.Dequeue();
        _waiting.Enqueue((askedAt, version));
    }

    /// <summary>The latest word that counts with this plan: when it was asked for; null when none does.</summary>
    public long? TakeFor(long version)
    {
        long? latest = null;
        while (_waiting.TryPeek(out var next) && next.Version <= version) latest = Math.Max(latest ?? 0, _waiting.Dequeue().AskedAt);
        return latest;
    }
}
