namespace OrleansLb.Kubernetes.Client.Access;

/// <summary>Says which rules to add to a role for needs that are not granted.</summary>
public static class RoleAdvice
{
    /// <summary>
    /// One sentence with a rule, in YAML's flow form, for each resource; in a Role of the namespace that a need names, else in a ClusterRole.
    /// </summary>
    public static string Of(IEnumerable<AccessNeed> missing)
    {
        ArgumentNullException.ThrowIfNull(missing);
        var rules = missing
            .GroupBy(need => (need.Namespace, need.Group, need.Resource))
            .Select(rule => $"add to the {RoleFor(rule.Key.Namespace)} the rule {{apiGroups: [\"{rule.Key.Group}\"], resources: [{rule.Key.Resource}], "
                + $"verbs: [{string.Join(", ", rule.Select(need => need.Verb).Distinct())}]}}");
        return string.Join("; ", rules);
    }

    private static string RoleFor(string? ns) => ns is null ? "ClusterRole of its service account" : $"Role of its service account in namespace {ns}";
}
