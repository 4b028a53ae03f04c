using OrleansLb.Core;
using OrleansLb.Core.Nodes;
using OrleansLb.Kubernetes.Dialects.Fields;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Dialects;

/// <summary>Translates a Node to what the election needs of it.</summary>
public static class NodeTranslator
{
    private const string ExcludeLabel = "node.kubernetes.io/exclude-from-external-load-balancers";
    private const string AutoscalerTaint = "ToBeDeletedByClusterAutoscaler";

    /// <summary>Set to "true" on a Node to have its addresses moved away before it is taken down.</summary>
    public const string DrainAnnotation = "orleanslb.io/drain";

    /// <param name="ignoresExclusion">The label that excludes a node means nothing.</param>
    public static NodeFacts Translate(NodeObject node, bool ignoresExclusion = false)
    {
        ArgumentNullException.ThrowIfNull(node);
        var meta = node.Metadata;
        var draining = meta.DeletionTimestamp is not null
            || meta.Annotations?.GetValueOrDefault(DrainAnnotation) == "true"
            || node.Spec?.Taints?.Exists(taint => taint.Key == AutoscalerTaint) == true;
        return new NodeFacts(
            new NodeName(meta.Name),
            Labels.Of(meta.Labels),
            Ready: Condition(node, "Ready") is null or "True",
            NetworkUnavailable: Condition(node, "NetworkUnavailable") == "True",
            Excluded: !ignoresExclusion && meta.Labels?.GetValueOrDefault(ExcludeLabel) is { } excluded && !IsFalse(excluded),
            draining,
            (node.Status?.Addresses ?? []).Where(address => address.Type == "InternalIP").Select(address => address.Address).ParseAddresses());
    }

    private static string? Condition(NodeObject node, string type) => node.Status?.Conditions?.Find(condition => condition.Type == type)?.Status;

    // As Go's ParseBool, which newer clusters read the label with.
    private static bool IsFalse(string text) => text is "0" or "f" or "F" or "false" or "False" or "FALSE";
}
