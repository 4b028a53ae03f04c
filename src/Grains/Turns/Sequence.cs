namespace OrleansLb.Grains.Turns;

/// <summary>Runs work of a reentrant grain one piece after the other, in the order in which it was asked for.</summary>
internal sealed class Sequence
{
    private Task _last = Task.CompletedTask;

    public async Task<T> Run<T>(Func<Task<T>> work)
    {
        var (before, ended) = (_last, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        _last = ended.Task;
        await before;
        try
        {
            return await work();
        }
        finally
        {
            ended.SetResult();
        }
    }

    public Task Run(Func<Task> work) => Run(async () =>
    {
        await work();
        return true;
    });
}
