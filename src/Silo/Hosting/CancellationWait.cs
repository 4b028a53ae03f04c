namespace OrleansLb.Silo.Hosting;

/// <summary>Waits for tokens that stand for events.</summary>
internal static class CancellationWait
{
    /// <summary>Ends when <paramref name="signal"/> is given, or when stopped.</summary>
    public static async Task WhenCancelled(this CancellationToken signal, CancellationToken stopping)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(signal, stopping);
        await Task.Delay(Timeout.InfiniteTimeSpan, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
