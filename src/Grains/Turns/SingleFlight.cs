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
        if (_running.IsCompleted) return _running = step();
        return _next = RunAfter(_running);
    }

    private async Task RunAfter(Task before)
    {
        await Task.WhenAny(before); // its fault is for those who asked for it
        _next = null;
        _running = step();
        await _running;
    }
}
