using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Services;

/// <summary>What a Service keeps when it is updated, what it loses with its type, and what may not change.</summary>
internal static class ServiceTransitions
{
    /// <summary>Carries over what the server allocated and the client left out, and drops what was there only for the old type.</summary>
    public static void Carry(ServiceSpec before, ServiceSpec after)
    {
        KeepAllocated(before, after);
        DropWithType(before, after);
        FollowFamilyPolicy(before, after);
    }

    public static IEnumerable<FieldError> Errors(ServiceSpec before, ServiceSpec after)
    {
        if (before.NeedsClusterIP && after.NeedsClusterIP && before.ClusterIPs is [var primary, ..] && after.ClusterIPs.FirstOrDefault() != primary)
            yield return FieldError.Invalid("spec.clusterIPs[0]", after.ClusterIPs.FirstOrDefault(), "may not change once set");
        if (before.ClusterIPs is [_, var second] && after.ClusterIPs is [_, var now] && second != now)
            yield return FieldError.Invalid("spec.clusterIPs[1]", now, "may not change once set");
        if (before.NeedsClusterIP && after.NeedsClusterIP && before.Families is [var family, ..] && after.Families.FirstOrDefault() is { } first
            && first != family)
            yield return FieldError.Invalid("spec.ipFamilies[0]", first, "may not change once set");
        if (before.IsLoadBalancer && after.IsLoadBalancer && !JsonNode.DeepEquals(before.Json["loadBalancerClass"], after.Json["loadBalancerClass"]))
            yield return FieldError.Invalid("spec.loadBalancerClass", after.Json["loadBalancerClass"], "may not change once set");
        if (before.NeedsHealthCheckPort && after.NeedsHealthCheckPort && before.HealthCheckNodePort is not 0 and var port && after.HealthCheckNodePort != port)
            yield return FieldError.Forbidden("spec.healthCheckNodePort", "field is immutable");
    }

    private static void KeepAllocated(ServiceSpec before, ServiceSpec after)
    {
        if (before.NeedsClusterIP && after.NeedsClusterIP) KeepClusterIPs(before, after);
        if (before.MayHaveNodePorts && after.MayHaveNodePorts) KeepNodePorts(before, after);
        if (before.NeedsHealthCheckPort && after.NeedsHealthCheckPort && after.HealthCheckNodePort == 0)
            after.Json.SetOrRemove("healthCheckNodePort", before.Json["healthCheckNodePort"]);
    }

    private static void KeepClusterIPs(ServiceSpec before, ServiceSpec after)
    {
        var asked = after.Json.Text("clusterIP") ?? "";
        if (asked.Length == 0 && after.ClusterIPs.Count == 0)
        {
            after.Json.SetOrRemove("clusterIP", before.Json["clusterIP"]);
            after.SetTexts("clusterIPs", before.ClusterIPs);
        }
        else if (asked.Length > 0 && asked != before.Json.Text("clusterIP") && after.ClusterIPs.SequenceEqual(before.ClusterIPs))
            after.SetTexts("clusterIPs", [asked]);
        else if (asked.Length > 0 && after.ClusterIPs.Count == 0) after.SetTexts("clusterIPs", [asked, .. before.ClusterIPs.Skip(1)]);
        else if (asked.Length == 0) after.Json["clusterIP"] = after.ClusterIPs[0];
        if (after.Families.Count == 0) after.SetTexts("ipFamilies", before.Families);
        after.Json.SetDefault("ipFamilyPolicy", before.FamilyPolicy ?? "SingleStack");
    }

    private static void KeepNodePorts(ServiceSpec before, ServiceSpec after)
    {
        var known = before.Ports.GroupBy(ServiceSpec.PortKey).ToDictionary(ports => ports.Key, ports => ports.First()["nodePort"]);
        var taken = after.Ports.Select(ServiceSpec.NodePort).ToHashSet();
        foreach (var port in after.Ports.Where(port => ServiceSpec.NodePort(port) == 0))
            if (known.GetValueOrDefault(ServiceSpec.PortKey(port)) is { } kept && !taken.Contains(kept.AsWhole() ?? 0)) port["nodePort"] = kept.DeepClone();
    }

    private static void DropWithType(ServiceSpec before, ServiceSpec after)
    {
        if (before.NeedsClusterIP && !after.NeedsClusterIP)
            DropUnchanged(before, after, "clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy");
        if (before.MayHaveNodePorts && !after.MayHaveNodePorts) DropNodePorts(before, after);
        if (before.NeedsHealthCheckPort && !after.NeedsHealthCheckPort) DropUnchanged(before, after, "healthCheckNodePort");
        if (before.IsExternallyAccessible && !after.IsExternallyAccessible) DropUnchanged(before, after, "externalTrafficPolicy");
        if (before.IsLoadBalancer && !after.IsLoadBalancer) DropUnchanged(before, after, "loadBalancerClass", "allocateLoadBalancerNodePorts");
    }

    private static void DropNodePorts(ServiceSpec before, ServiceSpec after)
    {
        var held = before.Ports.Select(ServiceSpec.NodePort).ToHashSet();
        foreach (var port in after.Ports.Where(port => held.Contains(ServiceSpec.NodePort(port)))) port.Remove("nodePort");
    }

    private static void DropUnchanged(ServiceSpec before, ServiceSpec after, params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
            if (JsonNode.DeepEquals(before.Json[name], after.Json[name])) after.Json.Remove(name);
    }

    /// <summary>Going back to one family gives up the second address.</summary>
    private static void FollowFamilyPolicy(ServiceSpec before, ServiceSpec after)
    {
        if (after.FamilyPolicy != "SingleStack" || before.FamilyPolicy == "SingleStack" || !before.NeedsClusterIP || !after.NeedsClusterIP) return;
        if (after.ClusterIPs.SequenceEqual(before.ClusterIPs)) after.SetTexts("clusterIPs", [.. after.ClusterIPs.Take(1)]);
        if (after.Families.SequenceEqual(before.Families)) after.SetTexts("ipFamilies", [.. after.Families.Take(1)]);
    }
}
