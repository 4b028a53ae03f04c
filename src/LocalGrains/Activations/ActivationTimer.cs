using Orleans.Runtime;
using OrleansLb.LocalGrains.Calls;

namespace OrleansLb.LocalGrains.Activations;

/// <summary>A timer of an activation: a tick waits its turn among the calls, and the next is counted from its end.</summary>
internal sealed class ActivationTimer : IGrainTimer
{
    private readonly Activation _activation;
    private readonly Func<CancellationToken, Task> _callback;
    private readonly GrainTimerCreationOptions _options;
    private readonly CancellationTokenSource _disposed = new();
    private readonly ITimer _timer;
    private TimeSpan _next;
    private TimeSpan _period;
    private bool _ticking;

    public ActivationTimer(Activation activation, TimeProvider time, Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        _activation = activation;
        _callback = callback;
        _options = options;
        using (ExecutionContext.SuppressFlow()) // A tick is nobody's call: nothing of the one that registered the timer stays alive for it.
            _timer = time.CreateTimer(static timer => ((ActivationTimer)timer!).Due(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        Change(options.DueTime, options.Period);
    }

    public void Change(TimeSpan dueTime, TimeSpan period)
    {
        Require(dueTime, nameof(dueTime));
        Require(period, nameof(period));
        (_next, _period) = (dueTime, period);
        if (!_ticking) _timer.Change(dueTime, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        _disposed.Cancel();
        _timer.Dispose();
        _activation.Forget(this);
    }

    private static void Require(TimeSpan time, string name)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(time.TotalMilliseconds, uint.MaxValue - 1, name);
        if (time < TimeSpan.Zero && time != Timeout.InfiniteTimeSpan) throw new ArgumentOutOfRangeException(name, time, "A time to wait is not negative.");
    }

    private void Due() => _activation.Receive(new InternalCall(_activation.GrainId, "timer", Tick, interleaves: _options.Interleave));

    private async Task Tick()
    {
        if (_disposed.IsCancellationRequested) return;
        _ticking = true;
        _next = _period;
        if (_options.KeepAlive) _activation.Used();
        try
        {
            await _callback(_disposed.Token);
        }
        catch (Exception exception)
        {
            _activation.TickFailed(exception);
        }
        _ticking = false;
        if (!_disposed.IsCancellationRequested) _timer.Change(_next, Timeout.InfiniteTimeSpan);
    }
}
