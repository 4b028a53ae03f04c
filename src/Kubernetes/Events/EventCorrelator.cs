using OrleansLb.Core.Configuration;

namespace OrleansLb.Kubernetes.Events;

/// <summary>Something to record, as it was told.</summary>
internal sealed record Occurrence(ObjectReference Regarding, bool Warning, string Reason, string Message);

/// <summary>What is to be written for an occurrence.</summary>
internal abstract record EventWrite
{
    private EventWrite()
    {
    }

    /// <summary>A new event under this name.</summary>
    public sealed record Create(string Name) : EventWrite;

    /// <summary>The event of this name happened again, for the <paramref name="Count"/>th time.</summary>
    public sealed record Repeat(string Name, int Count) : EventWrite;
}

/// <summary>
/// Folds repeats into series and keeps any one object from filling the cluster with events: 25 at once, then one in five minutes (as client-go).
/// </summary>
internal sealed class EventCorrelator(TimeProvider time)
{
    private const int Burst = 25;
    private const int MaxRemembered = 4096;
    private static readonly TimeSpan SeriesLifetime = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan Refill = TimeSpan.FromMinutes(5);

    private readonly Dictionary<Occurrence, Series> _series = [];
    private readonly Dictionary<ObjectReference, Bucket> _buckets = [];
    private long _names;

    /// <summary>False when too much was said about this object already.</summary>
    public bool Admits(Occurrence occurrence)
    {
        var now = time.GetUtcNow();
        ForgetBuckets(now);
        return Take(occurrence.Regarding, now);
    }

    /// <summary>How an occurrence that was admitted is to be written.</summary>
    public EventWrite Judge(Occurrence occurrence)
    {
        var now = time.GetUtcNow();
        ForgetSeries();
        if (_series.TryGetValue(occurrence, out var series) && now - series.Last < SeriesLifetime)
        {
            _series[occurrence] = series with { Count = series.Count + 1, Last = now };
            return new EventWrite.Repeat(series.Name, series.Count + 1);
        }
        var name = Name(occurrence.Regarding.Name, now);
        _series[occurrence] = new Series(name, 1, now);
        return new EventWrite.Create(name);
    }

    /// <summary>The event is not there any more: the next occurrence makes a new one.</summary>
    public void Lost(Occurrence occurrence) => _series.Remove(occurrence);

    private bool Take(ObjectReference subject, DateTimeOffset now)
    {
        var bucket = _buckets.GetValueOrDefault(subject, new Bucket(Burst, now));
        var filled = Math.Min(Burst, bucket.Tokens + ((now - bucket.At) / Refill));
        _buckets[subject] = new Bucket(filled >= 1 ? filled - 1 : filled, now);
        return filled >= 1;
    }

    private void ForgetSeries()
    {
        if (_series.Count < MaxRemembered) return;
        foreach (var (occurrence, _) in _series.OrderBy(pair => pair.Value.Last).Take(MaxRemembered / 2).ToList()) _series.Remove(occurrence);
    }

    private void ForgetBuckets(DateTimeOffset now)
    {
        if (_buckets.Count < MaxRemembered) return;
        foreach (var (subject, _) in _buckets.Where(pair => pair.Value.Tokens + ((now - pair.Value.At) / Refill) >= Burst - 1).ToList())
            _buckets.Remove(subject);
        if (_buckets.Count >= MaxRemembered) _buckets.Clear();
    }

    // Unlike a random one, the time keeps events sorted; the counter parts those of one moment.
    private string Name(string subject, DateTimeOffset now)
    {
        const int longest = 220;
        var prefix = subject.Length > longest ? subject[..longest] : subject;
        return $"{prefix}.{now.Ticks:x}{++_names % 4096:x3}";
    }

    private sealed record Series(string Name, int Count, DateTimeOffset Last);

    private readonly record struct Bucket(double Tokens, DateTimeOffset At);
}
