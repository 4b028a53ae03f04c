using OrleansLb.Core.Configuration;

namespace OrleansLb.Kubernetes.Dialects.MetalLb;

/// <summary>
/// MetalLB reads its objects in its own namespace only, and its webhook refuses them elsewhere. We read all of them, and say what it would not.
/// </summary>
internal static class Namespaces
{
    private const string Usual = "metallb-system";

    /// <summary>A warning for each object that stands beside the others; which namespace is MetalLB's own is not known, but for its usual name.</summary>
    public static IEnumerable<Problem> Problems(IEnumerable<ConfigurationObject> objects)
    {
        var all = objects.Where(source =>
            source.Reference.ApiVersion.StartsWith("metallb.io/", StringComparison.Ordinal) && source.Reference.Namespace.Length > 0).ToList();
        var used = all.Select(source => source.Reference.Namespace).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (used.Count < 2) return [];
        var own = used.Contains(Usual) ? Usual : used[0];
        return all
            .Where(source => source.Reference.Namespace != own)
            .Select(source => new Problem(source.Reference, "metadata.namespace", Severity.Warning,
                $"resource must be created in {own} namespace, where others are: MetalLB reads one namespace only. It is used here all the "
                    + "same; move it, or delete it."));
    }
}
