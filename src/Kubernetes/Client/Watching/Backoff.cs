namespace OrleansLb.Kubernetes.Client.Watching;

/// <summary>
/// How long to wait after a failure: doubling from 800 ms to 30 s, each up to twice as long by chance, forgotten after
/// two good minutes (as client-go's reflector).
/// </summary>
internal sealed class Backoff(TimeProvider time, Random random)
{
    public static readonly TimeSpan First = TimeSpan.FromMilliseconds(800);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan HealthyAfter = TimeSpan.FromMinutes(2);

    private TimeSpan _next = First;
    private long _lastFailure = time.GetTimestamp();

    /// <summary>What was wrong has passed: the next failure is the first of its kind.</summary>
    public void Reset() => _next = First;

    public TimeSpan Next()
    {
        if (time.GetElapsedTime(_lastFailure) > HealthyAfter) _next = First;
        _lastFailure = time.GetTimestamp();
        var delay = _next * (1 + random.NextDouble());
        _next = _next * 2 < Longest ? _next * 2 : Longest;
        return delay < Longest ? delay : Longest;
    }
}
