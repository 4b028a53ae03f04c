namespace OrleansLb.Grains.Turns;

/// <summary>Runs a step of a reentrant grain one at a time. Asked for while it runs, it runs once more after, for all who asked meanwhile.</summary>
internal sealed class SingleFlight(Func<Task> step)
{
    private Task _running = Task.CompletedTask;
    private Task? _next;

    /// <summary>A run that begins after this call; its task ends, or fails, with it.</summary>
    public Task Run()
    {
        if (_next is not null) return _next;
        if (_running.IsCompleted) return _running = Begin();
        return _next = RunAfter(_running);
    }

    private async Task RunAfter(Task before)
    {
        await Task.WhenAny(before); // its fault is for those who asked for it
        _next = null;
        _running = Begin();
        await _running;
    }

    /// <summary>
    /// Awaited here, so that it ends in a turn of the grain. The answer to a call comes on another thread at any moment: were that the end, it could come after
    /// <see cref="Run"/> has looked and before <see cref="RunAfter"/> waits, which then would not wait. It would forget the next run before that is noted, and
    /// whoever asked from then on would be given that one, long over.
    /// </summary>
    private async Task Begin() => await step();
}
