using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Services;

namespace OrleansLb.Api.Tables;

/// <summary>A Service as a row.</summary>
internal static class ServiceCells
{
    public static IEnumerable<JsonNode?> Of(JsonObject tree, DateTimeOffset now)
    {
        var spec = new ServiceSpec(tree.Object("spec") ?? []);
        return
        [
            CoreShapes.NameOf(tree), spec.Type, CoreShapes.OrNone(spec.Json.Text("clusterIP")), External(tree, spec), Ports(spec), CoreShapes.AgeOf(tree, now),
            CoreShapes.OrNone(string.Join(',', (spec.Json.Object("selector") ?? []).Select(pair => $"{pair.Key}={pair.Value.AsText()}"))),
        ];
    }

    private static string External(JsonObject tree, ServiceSpec spec)
    {
        var external = spec.Json.Texts("externalIPs").ToList();
        if (spec.IsExternalName) return spec.Json.Text("externalName") ?? "";
        if (!spec.IsLoadBalancer) return CoreShapes.OrNone(string.Join(',', external));
        var ingress = tree.Object("status").Object("loadBalancer").Objects("ingress")
            .Select(entry => entry.Text("ip") is { Length: > 0 } ip ? ip : entry.Text("hostname") ?? "");
        var all = string.Join(',', ingress.Concat(external).Distinct());
        return all.Length == 0 ? "<pending>" : all;
    }

    private static string Ports(ServiceSpec spec) => CoreShapes.OrNone(string.Join(',', spec.Ports.Select(Port)));

    private static string Port(JsonObject port) => ServiceSpec.NodePort(port) is not 0 and var nodePort
        ? $"{port.Whole("port")}:{nodePort}/{port.Text("protocol")}"
        : $"{port.Whole("port")}/{port.Text("protocol")}";
}
