namespace OrleansLb.Silo.Lab.Network;

/// <summary>Holds up whoever wants to pass while it is shut.</summary>
internal sealed class StopGate
{
    private volatile TaskCompletionSource? _shut;

    public bool IsShut => _shut is not null;

    /// <summary>Done at once while the gate is open, otherwise when it opens.</summary>
    public Task Passed => _shut?.Task ?? Task.CompletedTask;

    public void Shut() => _shut ??= new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Open()
    {
        var shut = _shut;
        _shut = null;
        shut?.SetResult();
    }
}
