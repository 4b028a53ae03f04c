using System.Collections.Immutable;
using OrleansLb.Core;
using OrleansLb.Core.Services;

namespace OrleansLb.Kubernetes.Dialects.Services;

/// <summary>Which Services are ours by their class, and what is known of the nodes that serve them.</summary>
/// <param name="Classes">Values of <c>spec.loadBalancerClass</c> that are ours.</param>
/// <param name="ServesDefault">Services without a class are ours too. An OpenELB Service that opts in is ours in any case.</param>
public sealed record ServiceRules(ImmutableArray<string> Classes, bool ServesDefault)
{
    /// <summary>Nodes that stand behind a Service for which nobody has written an EndpointSlice: where the API is embedded, no controller writes any.</summary>
    public EquatableList<EndpointNode> StandIns { get; init; } = [];

    /// <summary>The finalizer of Services of a class that is ours: processes of another cluster have another.</summary>
    public string Finalizer { get; init; } = Finalizers.Own;

    /// <summary>Nodes announce in spite of the label by which a cluster keeps them from load balancers: MetalLB's option of that name.</summary>
    public bool IgnoresExclusion { get; init; }

    public const string OwnClass = "orleanslb.io/load-balancer";

    public static ServiceRules Default { get; } = new([OwnClass], ServesDefault: true);
}

/// <summary>The finalizers that keep a Service until its addresses are withdrawn.</summary>
public static class Finalizers
{
    /// <summary>The standard one. A cloud controller takes it for its own whatever the class, so it is used for Services without a class only.</summary>
    public const string Standard = "service.kubernetes.io/load-balancer-cleanup";

    public const string Own = "orleanslb.io/cleanup";

    /// <summary>Whether it is ours, or that of another cluster of our processes.</summary>
    public static bool IsOfFamily(string finalizer)
    {
        ArgumentNullException.ThrowIfNull(finalizer);
        return finalizer.StartsWith(Own, StringComparison.Ordinal);
    }
}
