using Orleans.Runtime;

namespace OrleansLb.Grains.Turns;

/// <summary>Waiting for something that brings a run of its own, but not for ever: after a while a run comes without it.</summary>
/// <param name="after">Does something later, in a turn of the grain that this belongs to.</param>
internal sealed class Patience(Func<TimeSpan, Func<Task>, IGrainTimer> after, Func<Task> run)
{
    private IGrainTimer? _timer;
    private bool _isOver;

    /// <summary>True while it is to be waited; the time counts from the first such answer.</summary>
    public bool Lasts(TimeSpan wait)
    {
        if (!_isOver) _timer ??= after(wait, Lose);
        return !_isOver;
    }

    /// <summary>What was waited for has come, or is of no use any more.</summary>
    public void End()
    {
        _timer?.Dispose();
        (_timer, _isOver) = (null, false);
    }

    private Task Lose()
    {
        _isOver = true;
        return run();
    }
}
