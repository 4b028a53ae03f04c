namespace OrleansLb.Silo.Lab.Story;

/// <summary>Waits for what must come, and says what was seen instead when it does not.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    /// <summary>Looks until there is something to see.</summary>
    /// <param name="patience">How long; <see cref="Patience"/> if it is not said.</param>
    public static async Task<T> See<T>(string expected, Func<Task<T?>> look, Func<Task<string>> describe, CancellationToken cancellation,
        TimeSpan? patience = null)
        where T : class
    {
        var limit = patience ?? Patience;
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(limit);
        using var timer = new PeriodicTimer(Interval);
        try
        {
            while (true)
            {
                if (await look() is { } seen) return seen;
                await timer.WaitForNextTickAsync(late.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new UnexpectedException($"{expected}, within {limit.TotalSeconds:0} s", await describe());
        }
    }

    /// <summary>Waits for a task that ends when what must come has come.</summary>
    public static async Task<T> See<T>(string expected, Func<CancellationToken, Task<T>> wait, Func<Task<string>> describe, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(Patience);
        try
        {
            return await wait(late.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new UnexpectedException($"{expected}, within {Patience.TotalSeconds:0} s", await describe());
        }
    }
}
