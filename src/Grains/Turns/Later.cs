using Orleans.Runtime;

namespace OrleansLb.Grains.Turns;

/// <summary>Work of a grain that is put off.</summary>
internal static class Later
{
    /// <summary>Runs it once, in a turn of the grain, unless its activation is lost before; calls interleave with it. The timer does not outlive it.</summary>
    public static IGrainTimer After(this Grain grain, TimeSpan delay, Func<Task> then)
    {
        IGrainTimer? timer = null;
        return timer = grain.RegisterGrainTimer(
            () =>
            {
                timer?.Dispose();
                return then();
            },
            new() { DueTime = delay, Period = Timeout.InfiniteTimeSpan, Interleave = true, KeepAlive = true });
    }

    /// <inheritdoc cref="After(Grain, TimeSpan, Func{Task})"/>
    public static IGrainTimer After(this Grain grain, TimeSpan delay, Action then) => grain.After(delay, () =>
    {
        then();
        return Task.CompletedTask;
    });
}
