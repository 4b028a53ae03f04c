namespace OrleansLb.Silo.Lab.Network;

/// <summary>The time of a process that can be stopped: clocks go on, and a timer that is due meanwhile fires once when it goes on.</summary>
internal sealed class StoppableTime(TimeProvider time, StopGate gate) : TimeProvider
{
    public override long TimestampFrequency => time.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => time.LocalTimeZone;

    public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

    public override long GetTimestamp() => time.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new Held(time, gate, callback, state, dueTime, period);

    private sealed class Held : ITimer
    {
        private readonly StopGate _gate;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private readonly ITimer _timer;
        private int _waiting;
        private volatile bool _disposed;

        public Held(TimeProvider time, StopGate gate, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (_gate, _callback, _state) = (gate, callback, state);
            _timer = time.CreateTimer(_ => Fire(), null, dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => _timer.Change(dueTime, period);

        public void Dispose()
        {
            _disposed = true;
            _timer.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            _disposed = true;
            return _timer.DisposeAsync();
        }

        private void Fire()
        {
            if (!_gate.IsShut) _callback(_state);
            else if (Interlocked.Exchange(ref _waiting, 1) == 0) _gate.Passed.ContinueWith(_ => FireLate(), TaskScheduler.Default);
        }

        private void FireLate()
        {
            Volatile.Write(ref _waiting, 0);
            if (!_disposed) _callback(_state);
        }
    }
}
