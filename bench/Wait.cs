namespace OrleansLb.Bench;

/// <summary>Waits for what is measured to come about.</summary>
internal static class Wait
{
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    /// <summary>Looks again and again until it is so; a <see cref="BenchException"/> when it is not in time.</summary>
    public static async Task Until(string expectation, Func<Task<bool>> reached, TimeSpan patience)
    {
        using var late = new CancellationTokenSource(patience);
        using var timer = new PeriodicTimer(Pace);
        try
        {
            while (!await reached()) await timer.WaitForNextTickAsync(late.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            throw new BenchException($"Not so within {patience.TotalSeconds:0} s: {expectation}.");
        }
    }

    public static Task Until(string expectation, Func<bool> reached, TimeSpan patience) => Until(expectation, () => Task.FromResult(reached()), patience);
}
