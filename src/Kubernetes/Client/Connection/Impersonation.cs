using System.Collections.Immutable;

namespace OrleansLb.Kubernetes.Client.Connection;

/// <summary>The user that requests act as, when the credential's own user may impersonate it.</summary>
public sealed record Impersonation(string User)
{
    public string? Uid { get; init; }

    public string? Group { get; init; }

    public ImmutableSortedDictionary<string, string> Extra { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    internal void AddTo(HttpRequestMessage request)
    {
        request.Headers.TryAddWithoutValidation("Impersonate-User", User);
        if (Uid is not null) request.Headers.TryAddWithoutValidation("Impersonate-Uid", Uid);
        if (Group is not null) request.Headers.TryAddWithoutValidation("Impersonate-Group", Group);
        foreach (var (key, value) in Extra) request.Headers.TryAddWithoutValidation($"Impersonate-Extra-{Uri.EscapeDataString(key)}", value);
    }
}
