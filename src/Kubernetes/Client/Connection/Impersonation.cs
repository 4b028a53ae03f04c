using System.Collections.Immutable;

namespace OrleansLb.Kubernetes.Client.Connection;

/// <summary>The user that requests act as, when the credential's own user may impersonate it.</summary>
public sealed record Impersonation(string User)
{
    public string? Uid { get; init; }

    public ImmutableArray<string> Groups { get; init; } = [];

    public ImmutableSortedDictionary<string, ImmutableArray<string>> Extra { get; init; } = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    internal void AddTo(HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation("Impersonate-User", User);
        if (Uid is not null) request.Headers.TryAddWithoutValidation("Impersonate-Uid", Uid);
        foreach (var group in Groups) request.Headers.TryAddWithoutValidation("Impersonate-Group", group);
        foreach (var (key, values) in Extra) request.Headers.TryAddWithoutValidation($"Impersonate-Extra-{Uri.EscapeDataString(key)}", values);
    }
}
