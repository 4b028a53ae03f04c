namespace OrleansLb.Kubernetes.Client.Watching;

/// <summary>The times of a reflector.</summary>
public sealed record ReflectorOptions
{
    /// <summary>A watch is asked to end after between this and twice this long, so that watches do not all end together.</summary>
    public TimeSpan WatchTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>A server that leaves a watch without the end of its streamed list for this long does not stream lists.</summary>
    public TimeSpan StreamingListPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a streamed list may wait for the beginning of its answer: a server under load queues requests.</summary>
    public TimeSpan AnswerPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A watch that ends sooner than this and brought nothing counts as a failure.</summary>
    public TimeSpan ShortWatch { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A kind that may not be read counts as one without objects until it may: for what is read only where a role grants it.</summary>
    public bool EmptyWhenForbidden { get; init; }

    /// <summary>Objects in a page when the list is read from storage.</summary>
    public int PageSize { get; init; } = 500;
}
