using System.Threading.Channels;

namespace OrleansLb.Kubernetes.Tests;

/// <summary>A clock that moves only when a test moves it, and tells which waits were begun.</summary>
internal sealed class ManualTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private readonly Channel<TimeSpan> _begun = Channel.CreateUnbounded<TimeSpan>();
    private DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>The length of the next wait between the two bounds that the code under test begins (or has begun).</summary>
    public async Task<TimeSpan> NextWait(TimeSpan atLeast, TimeSpan atMost)
    {
        await foreach (var wait in _begun.Reader.ReadAllAsync(TestContext.Current.CancellationToken))
        {
            if (wait >= atLeast && wait <= atMost) return wait;
        }
        throw new InvalidOperationException("No such wait was begun.");
    }

    public void Advance(TimeSpan span)
    {
        List<ManualTimer> due;
        lock (_gate)
        {
            _now += span;
            due = _timers.FindAll(timer => timer.Due <= _now);
            _timers.RemoveAll(due.Contains);
        }
        foreach (var timer in due) timer.Fire();
    }

    private sealed class ManualTimer(ManualTime time, TimerCallback callback, object? state) : ITimer
    {
        public DateTimeOffset Due { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._gate)
            {
                time._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan) return true;
                Due = time._now + dueTime;
                time._timers.Add(this);
            }
            time._begun.Writer.TryWrite(dueTime);
            return true;
        }

        public void Fire() => callback(state);

        public void Dispose()
        {
            lock (time._gate) time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return default;
        }
    }
}
