namespace OrleansLb.Speaker.Fencing;

/// <summary>
/// Knows whether this speaker may speak: not after its process has stood still (SIGSTOP, a paused machine), nor after the cluster has given its node up, until
/// the cluster's word or the segment's silence says that nobody has taken over. Asked by responders' threads for each answer; allocates nothing.
/// </summary>
internal sealed class Vigil : IDisposable
{
    private const long Open = 0;

    private readonly TimeProvider _time;
    private readonly FencingOptions _options;
    private readonly Action _fell;
    private readonly ITimer _timer;
    private long _beatAt;
    private long _fencedAt;
    private long _lastFence;
    private long _confirmedAt;

    /// <param name="fell">Called on whichever thread first notices that the process stood still.</param>
    public Vigil(TimeProvider time, FencingOptions options, Action fell)
    {
        (_time, _options, _fell) = (time, options, fell);
        _beatAt = time.GetTimestamp();
        _timer = time.CreateTimer(_ => Beat(), null, options.Beat, Timeout.InfiniteTimeSpan);
    }

    /// <summary>When the tongue was tied; null while it is free.</summary>
    public TimeSpan? FencedSince => Volatile.Read(ref _fencedAt) is var fenced and not Open ? _time.GetElapsedTime(0, fenced) : null;

    /// <summary>The timestamp of the last fence, which may have been lifted since.</summary>
    public long LastFence => Volatile.Read(ref _lastFence);

    /// <summary>When the cluster's last word that counts was asked for; null for a speaker that no grain looks after.</summary>
    public TimeSpan? ConfirmedAt => Volatile.Read(ref _confirmedAt) is var confirmed and not 0 ? _time.GetElapsedTime(0, confirmed) : null;

    public bool MaySpeak()
    {
        if (Volatile.Read(ref _fencedAt) != Open) return false;
        var now = _time.GetTimestamp();
        if (_time.GetElapsedTime(Volatile.Read(ref _beatAt), now) <= _options.Patience) return true;
        Fence(now);
        Volatile.Write(ref _beatAt, now); // this standstill is dealt with
        return false;
    }

    /// <summary>Ties the tongue: the cluster no longer knows this speaker.</summary>
    public void Fence() => Fence(_time.GetTimestamp());

    /// <summary>
    /// The cluster says that the plan stands, in answer to what was asked at <paramref name="askedAt"/>. An answer to a question from before the fence is none.
    /// </summary>
    /// <returns>True when this has freed the tongue.</returns>
    public bool Confirm(long askedAt)
    {
        Volatile.Write(ref _confirmedAt, askedAt);
        var fenced = Volatile.Read(ref _fencedAt);
        return fenced != Open && askedAt >= fenced && Interlocked.CompareExchange(ref _fencedAt, Open, fenced) == fenced;
    }

    /// <summary>The segment was asked and nobody has taken over; unless the fence has fallen again since.</summary>
    /// <returns>True when this has freed the tongue.</returns>
    public bool Lift(TimeSpan fencedSince)
    {
        var fenced = Volatile.Read(ref _fencedAt);
        return fenced != Open && _time.GetElapsedTime(0, fenced) == fencedSince && Interlocked.CompareExchange(ref _fencedAt, Open, fenced) == fenced;
    }

    public void Dispose() => _timer.Dispose();

    /// <summary>Looks before it takes note: after a pause this may be the first thread to run.</summary>
    private void Beat()
    {
        MaySpeak();
        Volatile.Write(ref _beatAt, _time.GetTimestamp());
        _timer.Change(_options.Beat, Timeout.InfiniteTimeSpan);
    }

    private void Fence(long now)
    {
        if (Interlocked.CompareExchange(ref _fencedAt, now, Open) != Open) return;
        Volatile.Write(ref _lastFence, now);
        _fell();
    }
}
