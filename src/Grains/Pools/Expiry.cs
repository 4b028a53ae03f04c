using Orleans.Runtime;
using OrleansLb.Core.Pools;

namespace OrleansLb.Grains.Pools;

/// <summary>Wakes a pool's grain when the next quarantine or reservation in its books runs out.</summary>
internal sealed class Expiry(PoolBook book, TimeProvider time, Func<TimeSpan, IGrainTimer> wakeAfter)
{
    /// <summary>Timers do not reach further than some weeks; a later deadline is looked at again.</summary>
    private static readonly TimeSpan Furthest = TimeSpan.FromDays(1);

    private IGrainTimer? _timer;
    private DateTimeOffset? _armedFor;

    /// <summary>To be called whenever the books may have changed.</summary>
    public void Arm()
    {
        if (book.NextDeadline == _armedFor) return;
        Disarm();
        if (book.NextDeadline is not { } deadline) return;
        _armedFor = deadline;
        var wait = deadline - time.GetUtcNow();
        _timer = wakeAfter(wait < TimeSpan.Zero ? TimeSpan.Zero : wait < Furthest ? wait : Furthest);
    }

    /// <summary>It has woken, or is to wake later after a fault.</summary>
    public void Disarm()
    {
        _timer?.Dispose();
        (_timer, _armedFor) = (null, null);
    }
}
