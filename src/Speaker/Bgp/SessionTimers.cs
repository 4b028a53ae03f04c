using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>The timers of one session, owned by its loop. Expiries come from other threads and may be overtaken: <see cref="Take"/> tells.</summary>
internal sealed class SessionTimers(TimeProvider time, Action<BgpTimer> expired) : IDisposable
{
    /// <summary>A timer may fire this much early by the clock that judges it.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromMilliseconds(20);

    private readonly Dictionary<BgpTimer, ITimer> _timers = [];
    private readonly Dictionary<BgpTimer, (long Started, TimeSpan Duration)> _running = [];

    public void Start(BgpTimer timer, TimeSpan duration)
    {
        if (!_timers.TryGetValue(timer, out var ticking))
            _timers[timer] = ticking = time.CreateTimer(_ => expired(timer), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _running[timer] = (time.GetTimestamp(), duration);
        ticking.Change(duration, Timeout.InfiniteTimeSpan);
    }

    public void Stop(BgpTimer timer)
    {
        if (_running.Remove(timer)) _timers[timer].Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Whether an expiry is that of the timer as it runs now, not of a run that was stopped or started again meanwhile; then it has run out.</summary>
    public bool Take(BgpTimer timer)
    {
        if (!_running.TryGetValue(timer, out var run) || time.GetElapsedTime(run.Started) + Tolerance < run.Duration) return false;
        _running.Remove(timer);
        return true;
    }

    public void Dispose()
    {
        foreach (var timer in _timers.Values) timer.Dispose();
    }
}
