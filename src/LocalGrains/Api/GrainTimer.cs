using System.Diagnostics.CodeAnalysis;

namespace Orleans.Runtime;

/// <summary>A timer of an activation: its ticks are turns, and it ends with the activation.</summary>
public interface IGrainTimer : IDisposable
{
    /// <summary>Sets the time to the next tick and between ticks; from inside a tick, once the tick is over.</summary>
    void Change(TimeSpan dueTime, TimeSpan period);
}

/// <summary>When a timer ticks, and how its ticks stand to the grain's calls.</summary>
public readonly struct GrainTimerCreationOptions()
{
    /// <summary>A timer that first ticks after <paramref name="dueTime"/> and then <paramref name="period"/> after each tick has ended.</summary>
    [SetsRequiredMembers]
    public GrainTimerCreationOptions(TimeSpan dueTime, TimeSpan period) : this() => (DueTime, Period) = (dueTime, period);

    /// <summary>The time to the first tick; <see cref="Timeout.InfiniteTimeSpan"/> for none.</summary>
    public required TimeSpan DueTime { get; init; }

    /// <summary>The time from the end of a tick to the next; <see cref="Timeout.InfiniteTimeSpan"/> for a single tick.</summary>
    public required TimeSpan Period { get; init; }

    /// <summary>Whether a tick may run while calls are suspended.</summary>
    public bool Interleave { get; init; }

    /// <summary>Whether ticks keep the activation from being collected for being idle.</summary>
    public bool KeepAlive { get; init; }
}
