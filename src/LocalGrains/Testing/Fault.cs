namespace OrleansLb.LocalGrains;

/// <summary>A fault that was asked for.</summary>
public sealed class Fault
{
    private readonly TaskCompletionSource _struck = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<GrainCall, bool> _concerns;

    internal Fault(FaultKind kind, Func<GrainCall, bool> concerns, Exception? with) => (Kind, _concerns, With) = (kind, concerns, with);

    /// <summary>Completes when it has struck.</summary>
    public Task Struck => _struck.Task;

    internal FaultKind Kind { get; }

    internal Exception? With { get; }

    internal bool Concerns(GrainCall call) => _concerns(call);

    internal bool TryStrike() => _struck.TrySetResult();
}

internal enum FaultKind { Fail, Lose, LoseAnswer }
