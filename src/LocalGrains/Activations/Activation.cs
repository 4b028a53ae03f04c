using Microsoft.Extensions.DependencyInjection;
using Orleans;
using Orleans.Runtime;
using OrleansLb.LocalGrains.Calls;

namespace OrleansLb.LocalGrains.Activations;

/// <summary>One activation of a grain: made by the first call, gone when it is deactivated, or lost at any moment between two turns.</summary>
internal sealed class Activation(GrainClass grainClass, GrainId id, Router router) : CallReceiver(router, grainClass.IsReentrant), IGrainContext
{
    private readonly TaskCompletionSource _deactivated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _hurry = new();
    private readonly HashSet<ActivationTimer> _timers = [];
    private volatile Phase _phase;
    private DeactivationReason? _reason;
    private AsyncServiceScope _scope;
    private IGrainBase? _grain;
    private long _lastUsed = router.Time.GetTimestamp();
    private TimeSpan _keptFor;

    private enum Phase { New, Activating, Active, Ending, Deactivating, Gone }

    /// <summary>The activation whose turn this thread runs.</summary>
    public static Activation? Executing => Running as Activation;

    public GrainId GrainId => id;

    public GrainReference GrainReference => field ??= GrainReference.Create(Router, GrainInterface.Of(typeof(IAddressable)), id);

    public object? GrainInstance => _grain;

    public IServiceProvider ActivationServices => _scope.ServiceProvider;

    public Task Deactivated => _deactivated.Task;

    public static Activation Of(IGrainBase grain) =>
        grain.GrainContext as Activation ?? throw new InvalidOperationException($"This {grain.GetType()} was not made by a silo.");

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default)
    {
        if (cancellationToken.CanBeCanceled) cancellationToken.UnsafeRegister(static hurry => ((CancellationTokenSource)hurry!).Cancel(), _hurry);
        if (Running == this) _reason ??= deactivationReason;
        else Post(() => _reason ??= deactivationReason);
    }

    /// <summary>Ends it between two turns as if its machine had died: no code of it runs again, and nobody is told but those who wait.</summary>
    public void Lose() => Post(() =>
    {
        if (_phase is Phase.Gone) return;
        IsLost = true;
        End();
        foreach (var call in Calls.Running.ToList())
        {
            call.State = CallState.Done;
            call.Fail(new SiloUnavailableException($"The activation was lost while it ran {call}."));
        }
    });

    public IGrainTimer RegisterTimer(Func<CancellationToken, Task> callback, GrainTimerCreationOptions options)
    {
        var timer = new ActivationTimer(this, Router.Time, callback, options);
        _timers.Add(timer);
        return timer;
    }

    public void Forget(ActivationTimer timer) => _timers.Remove(timer);

    public void TickFailed(Exception exception) => Router.Log.TimerFailed(exception, id);

    public void Used() => _lastUsed = Router.Time.GetTimestamp();

    public void DelayCollection(TimeSpan time)
    {
        Used();
        _keptFor = time;
    }

    /// <summary>Deactivates it if nobody has called for that long.</summary>
    public void CollectIfIdleFor(TimeSpan age)
    {
        if (grainClass.IsKeptAlive) return;
        Post(() =>
        {
            if (_phase is not Phase.Active || Calls.HasRunning || Router.Time.GetElapsedTime(_lastUsed) < (age > _keptFor ? age : _keptFor)) return;
            _reason ??= new(DeactivationReasonCode.ActivationIdle, $"Nobody called for {age}.");
        });
    }

    bool IEquatable<IGrainContext>.Equals(IGrainContext? other) => ReferenceEquals(this, other);

    protected override bool Advance()
    {
        switch (_phase)
        {
            case Phase.New when Calls.HasWaiting || _reason is not null:
                Enter(Phase.Activating, nameof(IGrainBase.OnActivateAsync), Activate, Calls.FirstWaiting);
                return true;
            case Phase.Active when _reason is not null:
                _phase = Phase.Ending;
                StopTimers();
                return true;
            case Phase.Active:
                return StartNext();
            case Phase.Ending when !Calls.HasRunning:
                Enter(Phase.Deactivating, nameof(IGrainBase.OnDeactivateAsync), DeactivateGrain);
                return true;
            case Phase.Gone when Calls.HasWaiting:
                foreach (var call in Calls.TakeAllWaiting().Where(call => call is not InternalCall)) Router.Deliver(call);
                return false;
            default:
                return false;
        }
    }

    private void Enter(Phase phase, string name, Func<Task> work, Call? cause = null)
    {
        _phase = phase;
        Start(new InternalCall(id, name, work, cause), this);
    }

    private bool StartNext()
    {
        if (!Calls.TryTake(out var call)) return false;
        if (call.IsStale) return true;
        if (call is not InternalCall) Used();
        Start(call, _grain!);
        return true;
    }

    private async Task Activate()
    {
        try
        {
            _scope = Router.Services.CreateAsyncScope();
            _grain = grainClass.Create(_scope.ServiceProvider);
            await _grain.OnActivateAsync(_hurry.Token);
            _phase = Phase.Active;
            Router.Log.Activated(id);
        }
        catch (Exception exception)
        {
            Router.Log.ActivationFailed(exception, id);
            var waiting = Calls.TakeAllWaiting();
            await Dispose();
            End();
            foreach (var call in waiting.Concat(Calls.TakeAllWaiting())) call.Fail(exception);
        }
    }

    private async Task DeactivateGrain()
    {
        var reason = _reason.GetValueOrDefault();
        try
        {
            await _grain!.OnDeactivateAsync(reason, _hurry.Token);
        }
        catch (Exception exception)
        {
            Router.Log.DeactivationFailed(exception, id);
        }
        await Dispose();
        Router.Log.Deactivated(id, reason.ReasonCode, reason.Description);
        End();
    }

    private async Task Dispose()
    {
        try
        {
            if (_grain is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
            else (_grain as IDisposable)?.Dispose();
            await _scope.DisposeAsync();
        }
        catch (Exception exception)
        {
            Router.Log.DeactivationFailed(exception, id);
        }
    }

    private void End()
    {
        _phase = Phase.Gone;
        StopTimers();
        Router.Remove(this);
        _deactivated.TrySetResult();
    }

    private void StopTimers()
    {
        foreach (var timer in _timers.ToList()) timer.Dispose();
    }
}
