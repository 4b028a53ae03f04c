namespace OrleansLb.Grains.Turns;

/// <summary>
/// Runs a step one at a time, as <see cref="SingleFlight"/> does, and once more after a while when it failed or says that something is left to do.
/// </summary>
internal sealed class InsistentRun
{
    private readonly Func<Task<bool>> _step;
    private readonly Backoff _backoff;
    private readonly Action<Exception?, TimeSpan, Func<Task>> _putOff;
    private readonly SingleFlight _running;
    private bool _waiting;

    /// <param name="step">False: something is left to do.</param>
    /// <param name="putOff">Is told why (null: because something is left), and calls what it is given after that time.</param>
    public InsistentRun(Func<Task<bool>> step, Backoff backoff, Action<Exception?, TimeSpan, Func<Task>> putOff)
    {
        (_step, _backoff, _putOff) = (step, backoff, putOff);
        _running = new(Attempt);
    }

    /// <summary>The last run did all that it should.</summary>
    public bool IsDone { get; private set; }

    /// <summary>A run that begins after this call; its task ends with it and never fails.</summary>
    public Task Run() => _running.Run();

    private async Task Attempt()
    {
        Exception? why = null;
        try
        {
            IsDone = await _step();
        }
        catch (Exception fault)
        {
            (IsDone, why) = (false, fault);
        }
        if (IsDone) _backoff.Succeeded();
        else PutOff(why);
    }

    private void PutOff(Exception? why)
    {
        if (_waiting) return;
        _waiting = true;
        _putOff(why, _backoff.Failed(), () =>
        {
            _waiting = false;
            return Run();
        });
    }
}
