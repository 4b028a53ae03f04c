using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Client.Watching;

/// <summary>One event of a watch stream.</summary>
internal abstract record WatchEvent<T>
{
    private WatchEvent()
    {
    }

    public sealed record Changed(Change<T> Change, string? ResourceVersion) : WatchEvent<T>;

    /// <summary>Nothing changed up to this version; <paramref name="EndsInitial"/> marks the end of a streamed list.</summary>
    public sealed record Bookmark(string? ResourceVersion, bool EndsInitial) : WatchEvent<T>;

    public sealed record Failed(ApiStatus Status) : WatchEvent<T>;
}
