namespace OrleansLb.Kubernetes.Client.Transport;

/// <summary>Whether the server answers at all and knows who we are; those who wait after a failure are told when it does again.</summary>
internal sealed class Reachability
{
    private TaskCompletionSource? _answer;

    /// <summary>Ends with the server's next answer after a failure; has ended while it answers.</summary>
    public Task Answers => Volatile.Read(ref _answer)?.Task ?? Task.CompletedTask;

    /// <summary>A request got no answer, or only that our credential is not valid.</summary>
    public void Failed()
    {
        if (Volatile.Read(ref _answer) is not null) return;
        Interlocked.CompareExchange(ref _answer, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously), null);
    }

    /// <summary>A request was answered, be it with another refusal.</summary>
    public void Answered()
    {
        if (Volatile.Read(ref _answer) is not null) Interlocked.Exchange(ref _answer, null)?.SetResult();
    }
}
