namespace OrleansLb.LocalGrains.Tests;

/// <summary>A clock that moves when told; timers that come due fire before <see cref="Advance"/> returns.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly HashSet<ManualTimer> _timers = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];

    /// <summary>Timers of one tick each that have ticked, and have been neither armed anew nor disposed of since.</summary>
    private readonly HashSet<ManualTimer> _ticked = [];
    private readonly List<TaskCompletionSource> _settling = [];
    private DateTimeOffset _now = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public int ActiveTimers
    {
        get { lock (_gate) return _timers.Count; }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate) return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Done once <paramref name="count"/> timers or more are armed: what ticked has counted its next tick.</summary>
    public Task Armed(int count)
    {
        lock (_gate)
        {
            if (_timers.Count >= count) return Task.CompletedTask;
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((count, reached));
            return reached.Task.WaitAsync(TimeSpan.FromSeconds(60), System);
        }
    }

    /// <summary>Done once every tick has been dealt with: a grain arms its timer anew, or disposes of it, when its turn is over.</summary>
    public Task Settled()
    {
        lock (_gate)
        {
            if (_ticked.Count == 0) return Task.CompletedTask;
            var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _settling.Add(settled);
            return settled.Task.WaitAsync(TimeSpan.FromSeconds(60), System);
        }
    }

    public void Advance(TimeSpan by)
    {
        var until = GetUtcNow() + by;
        while (Next(until) is { } due) due.Fire();
        lock (_gate) _now = until;
    }

    private ManualTimer? Next(DateTimeOffset until)
    {
        lock (_gate)
        {
            if (_timers.Where(timer => timer.Due <= until).MinBy(timer => timer.Due) is not { } next) return null;
            if (next.Due > _now) _now = next.Due;
            if (next.Period > TimeSpan.Zero) next.Due += next.Period;
            else
            {
                _timers.Remove(next);
                _ticked.Add(next);
            }
            return next;
        }
    }

    private void Settle(ManualTimer timer)
    {
        if (!_ticked.Remove(timer) || _ticked.Count > 0) return;
        foreach (var settled in _settling) settled.TrySetResult();
        _settling.Clear();
    }

    private void Arm(ManualTimer timer)
    {
        _timers.Add(timer);
        foreach (var waiting in _waiting.Where(waiting => _timers.Count >= waiting.Count)) waiting.Reached.TrySetResult();
        _waiting.RemoveAll(waiting => waiting.Reached.Task.IsCompleted);
    }

    private sealed class ManualTimer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; set; }

        public TimeSpan Period { get; private set; }

        public void Fire() => callback(state);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                clock.Settle(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                (Due, Period) = (clock._now + dueTime, period);
                clock.Arm(this);
                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
