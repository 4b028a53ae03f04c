using Microsoft.Extensions.Logging;

namespace OrleansLb.Kubernetes.Events;

/// <summary>Counts events that were not recorded, and says so in the log: at the first, and then at most once a minute.</summary>
internal sealed class EventLosses(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private long _untold;
    private long _lastTold = long.MinValue;

    /// <param name="why">As the metric has it: <c>queue</c>, <c>spam</c> or the name of a fault.</param>
    public void Add(string why)
    {
        KubernetesTelemetry.EventLost(why);
        Interlocked.Increment(ref _untold);
        var (now, last) = (time.GetTimestamp(), Volatile.Read(ref _lastTold));
        if (last != long.MinValue && time.GetElapsedTime(last, now) < Interval) return;
        if (Interlocked.CompareExchange(ref _lastTold, now, last) == last) logger.EventsLost(Interlocked.Exchange(ref _untold, 0), why);
    }
}
