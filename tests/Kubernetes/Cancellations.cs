namespace OrleansLb.Kubernetes.Tests;

/// <summary>What a test waits for of a token.</summary>
internal static class Cancellations
{
    /// <summary>Completes when the token is cancelled.</summary>
    public static async Task Cancelled(this CancellationToken token)
    {
        var cancelled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = token.UnsafeRegister(static source => ((TaskCompletionSource)source!).TrySetResult(), cancelled);
        await cancelled.Task;
    }
}
