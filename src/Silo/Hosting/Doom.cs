namespace OrleansLb.Silo.Hosting;

/// <summary>
/// The moment at which this process hears that the cluster has declared it dead, or that it can no longer go on: from then on others have what it had.
/// </summary>
internal sealed class Doom
{
    private readonly TaskCompletionSource<string> _told = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the reason; never, while all is well.</summary>
    public Task<string> Told => _told.Task;

    /// <summary>What must not wait for anything: to fall silent.</summary>
    public Action? Fence { get; set; }

    public void Tell(string reason)
    {
        if (_told.Task.IsCompleted) return;
        Fence?.Invoke();
        _told.TrySetResult(reason);
    }
}
