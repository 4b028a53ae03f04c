using System.Text.Json.Nodes;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.Services;

/// <summary>What a Service means by what it leaves out.</summary>
internal static class ServiceDefaults
{
    private const int AffinitySeconds = 10800;

    public static void Apply(ServiceSpec spec)
    {
        var json = spec.Json;
        json.SetDefault("type", "ClusterIP");
        json.SetDefault("sessionAffinity", "None");
        if (json.Text("sessionAffinity") == "None") json.Remove("sessionAffinityConfig");
        else if (json.Text("sessionAffinity") == "ClientIP")
            json.Ensure("sessionAffinityConfig").Ensure("clientIP").SetDefault("timeoutSeconds", AffinitySeconds);
        if (spec.IsExternallyAccessible) json.SetDefault("externalTrafficPolicy", "Cluster");
        if (spec.NeedsClusterIP) json.SetDefault("internalTrafficPolicy", "Cluster");
        if (spec.IsLoadBalancer) json.SetDefault("allocateLoadBalancerNodePorts", true);
        foreach (var port in spec.Ports) ApplyToPort(port);
        DropZero(json, "healthCheckNodePort");
    }

    private static void ApplyToPort(JsonObject port)
    {
        port.SetDefault("protocol", "TCP");
        if (port["targetPort"] is null || port.Whole("targetPort") == 0 || port.Text("targetPort") == "") port.SetOrRemove("targetPort", port["port"]);
        DropZero(port, "nodePort");
    }

    private static void DropZero(JsonObject json, string name)
    {
        if (json.Whole(name) == 0) json.Remove(name);
    }
}
