namespace OrleansLb.Grains.Tests.Harness;

/// <summary>Beats when something changed, so that a test waits for what it expects instead of sleeping.</summary>
public sealed class Pulse
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Quiet = TimeSpan.FromMilliseconds(5);

    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Beat() => Interlocked.Exchange(ref _next, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>
    /// Waits until the condition holds, looking at each beat; when nothing beats for a moment, and nothing waits for a processor, <paramref name="idle"/> makes
    /// time pass.
    /// </summary>
    public async Task Until(Func<bool> condition, string expectation, Action? idle = null)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var next = Volatile.Read(ref _next).Task;
            if (condition()) return;
            try
            {
                await next.WaitAsync(idle is null ? Timeout.InfiniteTimeSpan : Quiet, patience.Token);
            }
            catch (TimeoutException)
            {
                if (ThreadPool.PendingWorkItemCount == 0) idle!(); // else the machine is busy, and time would run ahead of what happens in it
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Waited in vain for: {expectation}");
            }
        }
    }
}
