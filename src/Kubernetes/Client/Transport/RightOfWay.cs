namespace OrleansLb.Kubernetes.Client.Transport;

/// <summary>
/// Lets requests that nobody waits for, such as events, give way to the others while there are any: a server that is busy with a thousand Services does first
/// what their users wait for. They give way at the beginning of a busy time only, so that they are written although it lasts.
/// </summary>
internal sealed class RightOfWay(TimeProvider time)
{
    /// <summary>After so long without a request the busy time is over: those of many services come one after the other, from several processes.</summary>
    public static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(250);

    /// <summary>How long after the beginning of a busy time others have to give way.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    private int _underWay;
    private long _lastEnded = time.GetTimestamp() - (long)(Quiet.TotalSeconds * time.TimestampFrequency);
    private long _busySince;

    /// <summary>A request that goes first begins.</summary>
    public void Begin()
    {
        if (!IsBusy) Interlocked.Exchange(ref _busySince, time.GetTimestamp());
        Interlocked.Increment(ref _underWay);
    }

    public void End()
    {
        Interlocked.Exchange(ref _lastEnded, time.GetTimestamp());
        Interlocked.Decrement(ref _underWay);
    }

    /// <summary>Ends when a request that gives way may be sent.</summary>
    public async ValueTask GiveWay(CancellationToken cancellation)
    {
        while (IsBusy && time.GetElapsedTime(Interlocked.Read(ref _busySince)) < Longest) await Task.Delay(Quiet, time, cancellation);
    }

    private bool IsBusy => Volatile.Read(ref _underWay) > 0 || time.GetElapsedTime(Interlocked.Read(ref _lastEnded)) < Quiet;
}
