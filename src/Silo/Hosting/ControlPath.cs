namespace OrleansLb.Silo.Hosting;

/// <summary>
/// The way between a node's speaker and the cluster's grains, which every call of either takes. It is always open, but for the lab: there it can be cut, as
/// by a partition of the network, or held up, as for a process that is stopped.
/// </summary>
internal sealed class ControlPath
{
    private volatile Task _passage = Task.CompletedTask;
    private TaskCompletionSource? _held;

    /// <summary>Done when a call may pass; fails while the way is cut.</summary>
    public Task Pass(CancellationToken cancellation) => _passage is { IsCompletedSuccessfully: true } open ? open : _passage.WaitAsync(cancellation);

    /// <summary>Every call fails from now on.</summary>
    public void Cut() => _passage = Task.FromException(new IOException("The way between this node and the cluster is cut."));

    /// <summary>Every call waits from now on.</summary>
    public void Hold() => _passage = (_held = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Calls pass again, those that were held up first.</summary>
    public void Restore()
    {
        _passage = Task.CompletedTask;
        Interlocked.Exchange(ref _held, null)?.SetResult();
    }
}
