using OrleansLb.Core;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Kubernetes.Dialects.Fields;

/// <summary>Which addresses an advertisement is of, and from which nodes: the part that layer 2 and BGP share.</summary>
internal sealed record AdvertisementScope(
    EquatableList<PoolName> Pools,
    EquatableList<LabelSelector> PoolSelectors,
    EquatableList<LabelSelector> NodeSelectors,
    EquatableList<LabelSelector> ServiceSelectors)
{
    /// <param name="spec">The advertisement's fields.</param>
    /// <param name="pools">How the dialect names the list of pools; their selectors are named after it.</param>
    /// <param name="poolSelectors">How it names the selectors of pools.</param>
    public static AdvertisementScope Read(FieldReader spec, string pools, string poolSelectors) => new(
        spec.DistinctTexts(pools).Select(name => new PoolName(name)).ToEquatableList(),
        spec.Selectors(poolSelectors),
        spec.Selectors("nodeSelectors"),
        spec.Selectors("serviceSelectors"));
}

/// <summary>Fields that pools and advertisements of several dialects have in common.</summary>
internal static class AdvertisementFields
{
    /// <param name="spec">The pool's fields.</param>
    /// <param name="isOurs">Our dialect can make the scope a boundary, and has 0 among the priorities; with MetalLB it always is one, also for those who ask
    /// for the pool or an address of it, and 0 stands for none.</param>
    public static PoolScope PoolScope(this FieldReader spec, bool isOurs)
    {
        var allocation = spec.Object("serviceAllocation");
        var scope = new PoolScope(
            allocation.Number("priority", int.MinValue, int.MaxValue) is { } priority && (priority != 0 || isOurs) ? (int)priority : null,
            allocation.DistinctTexts("namespaces"),
            allocation.Selectors("namespaceSelectors"),
            allocation.Selectors("serviceSelectors"),
            isOurs && allocation.Flag("enforced"));
        if (scope is { Enforced: true, IsPinned: false }) allocation.Error("enforced", "makes a boundary of namespaces and selectors; give some.");
        allocation.End();
        return isOurs ? scope : scope with { Enforced = scope.IsPinned };
    }

    public static EquatableList<PreferredNodes> PreferredNodes(this FieldReader spec)
    {
        var preferred = new List<PreferredNodes>();
        foreach (var item in spec.Objects("preferredNodeSelectors"))
        {
            if (!item.Has("weight")) item.Missing<object>("weight");
            if (!item.Has("preference")) item.Missing<object>("preference");
            var weight = item.Number("weight", 1, 100) ?? 1;
            preferred.Add(new((int)weight, SelectorFields.Selector(item.Object("preference"), SelectorFields.Spelling.Kubernetes)));
            item.End();
        }
        return preferred.ToEquatableList();
    }

    public static EquatableList<Core.Nodes.InterfaceSelector> Interfaces(this FieldReader spec, string field)
    {
        var names = spec.DistinctTexts(field);
        return names.Select((name, i) => spec.Interface($"{field}[{i}]", name)).OfType<Core.Nodes.InterfaceSelector>().ToEquatableList();
    }
}
