using System.Text.Json.Nodes;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.Services;

/// <summary>The <c>spec</c> of a Service, with the questions that its rules ask of it.</summary>
internal sealed class ServiceSpec(JsonObject json)
{
    public JsonObject Json => json;

    public string Type => json.Text("type") ?? "ClusterIP";
    public bool IsLoadBalancer => Type == "LoadBalancer";
    public bool IsExternalName => Type == "ExternalName";
    public bool IsHeadless => ClusterIPs.FirstOrDefault() == "None" || json.Text("clusterIP") == "None";
    public bool NeedsClusterIP => Type is "ClusterIP" or "NodePort" or "LoadBalancer";
    public bool NeedsNodePorts => Type == "NodePort" || (IsLoadBalancer && json.Flag("allocateLoadBalancerNodePorts") != false);
    public bool MayHaveNodePorts => Type is "NodePort" or "LoadBalancer";
    public bool NeedsHealthCheckPort => IsLoadBalancer && json.Text("externalTrafficPolicy") == "Local";

    /// <summary>Traffic from outside can reach it, so that it has a policy for that.</summary>
    public bool IsExternallyAccessible => MayHaveNodePorts || (Type == "ClusterIP" && json.Array("externalIPs") is { Count: > 0 });

    public List<string> ClusterIPs => [.. json.Texts("clusterIPs")];

    public List<string> Families => [.. json.Texts("ipFamilies")];

    public string? FamilyPolicy => json.Text("ipFamilyPolicy");

    public IEnumerable<JsonObject> Ports => json.Objects("ports");

    public long HealthCheckNodePort => json.Whole("healthCheckNodePort") ?? 0;

    public static long NodePort(JsonObject port) => port.Whole("nodePort") ?? 0;

    public static (string Protocol, long Port) PortKey(JsonObject port) => (port.Text("protocol") ?? "TCP", port.Whole("port") ?? 0);

    public void SetTexts(string name, IReadOnlyCollection<string> values) =>
        json.SetOrRemove(name, values.Count == 0 ? null : new JsonArray([.. values.Select(value => (JsonNode?)value)]));
}
