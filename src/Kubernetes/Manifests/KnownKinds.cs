using OrleansLb.Kubernetes.Dialects.Fields;

namespace OrleansLb.Kubernetes.Manifests;

/// <summary>The kinds of object that a reader of manifests takes.</summary>
public sealed class KnownKinds(IEnumerable<(string ApiVersion, string Kind)> kinds)
{
    private readonly HashSet<(string ApiVersion, string Kind)> _kinds = [.. kinds];

    /// <summary>What is wrong with the type of an object; null when it is known.</summary>
    public string? FaultOf(string apiVersion, string kind)
    {
        if (apiVersion.Length == 0) return "apiVersion is missing; every object begins with apiVersion and kind.";
        if (kind.Length == 0) return "kind is missing; every object begins with apiVersion and kind.";
        if (_kinds.Contains((apiVersion, kind))) return null;
        var versions = _kinds.Where(known => known.Kind == kind).Select(known => known.ApiVersion).Order(StringComparer.Ordinal).ToList();
        if (versions.Count > 0) return $"unknown kind {kind} of {apiVersion}; it is one of {string.Join(", ", versions)}.";
        var nearest = Nearest.To(kind, _kinds.Where(known => known.ApiVersion == apiVersion).Select(known => known.Kind))
            ?? Nearest.To(kind, _kinds.Select(known => known.Kind));
        return $"unknown kind {kind} of {apiVersion}{(nearest is null ? "; it is left out." : $"; did you mean {nearest}?")}";
    }
}
