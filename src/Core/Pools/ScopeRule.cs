using OrleansLb.Core.Configuration;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Pools;

/// <summary>Reads a pool's scope.</summary>
internal static class ScopeRule
{
    /// <summary>The service's namespace is meant by name or by label, where any is; and its labels are, where any are.</summary>
    public static bool Admits(PoolScope scope, ServiceRequest request)
    {
        var anyNamespace = scope.Namespaces.Count + scope.NamespaceSelectors.Count == 0;
        return (anyNamespace || scope.Namespaces.Contains(request.Service.Namespace)
            || scope.NamespaceSelectors.Any(selector => selector.Matches(request.NamespaceLabels)))
            && scope.ServiceSelectors.Admit(request.Labels);
    }

    public static string Describe(PoolScope scope)
    {
        var parts = new List<string>();
        if (scope.Namespaces.Count > 0) parts.Add($"namespaces {string.Join(", ", scope.Namespaces)}");
        if (scope.NamespaceSelectors.Count > 0) parts.Add("namespaces with the labels that it selects");
        if (scope.ServiceSelectors.Count > 0) parts.Add("services with the labels that it selects");
        return parts.Count == 0 ? "nobody" : string.Join(" and ", parts);
    }
}
