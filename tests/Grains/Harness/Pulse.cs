namespace OrleansLb.Grains.Tests.Harness;

/// <summary>Beats when something changed, so that a test waits for what it expects instead of sleeping.</summary>
public sealed class Pulse
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Beat() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>Waits until the condition holds, looking at each beat.</summary>
    public async Task Until(Func<bool> condition, string expectation)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var next = Volatile.Read(ref _next).Task;
            if (condition()) return;
            try
            {
                await next.WaitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Waited in vain for: {expectation}");
            }
        }
    }
}
