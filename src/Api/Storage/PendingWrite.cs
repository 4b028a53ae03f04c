namespace OrleansLb.Api.Storage;

/// <summary>A decision waiting for its turn, and whoever waits for its result.</summary>
internal abstract class PendingWrite(bool dryRun)
{
    public bool DryRun => dryRun;

    /// <summary>Decides; false if it threw, and then what it changed does not count.</summary>
    public abstract bool TryDecide(StoreTransaction transaction);

    public abstract void Fail(Exception error);

    public abstract void Complete();
}

/// <inheritdoc />
internal sealed class PendingWrite<T>(Func<StoreTransaction, T> decide, bool dryRun) : PendingWrite(dryRun)
{
    private readonly TaskCompletionSource<T> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Exception? _error;
    private T? _result;

    public Task<T> Task => _done.Task;

    public override bool TryDecide(StoreTransaction transaction)
    {
        try
        {
            _result = decide(transaction);
            return true;
        }
        catch (Exception error)
        {
            _error = error;
            return false;
        }
    }

    public override void Fail(Exception error) => _done.TrySetException(_error ?? error);

    public override void Complete()
    {
        if (_error is null) _done.TrySetResult(_result!);
        else _done.TrySetException(_error);
    }
}
