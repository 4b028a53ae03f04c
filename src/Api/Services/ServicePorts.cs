using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Services;

/// <summary>Node ports, one per port of a Service that is reached through its nodes, and one more for health checks.</summary>
internal static class ServicePorts
{
    public static void Allocate(KindContext context, JsonObject tree, ServiceSpec spec)
    {
        var taken = spec.Ports.Select(ServiceSpec.NodePort).Where(port => port != 0).ToHashSet();
        if (spec.NeedsNodePorts)
            foreach (var port in spec.Ports.Where(port => ServiceSpec.NodePort(port) == 0).ToList()) port["nodePort"] = Take(context, tree, taken);
        if (spec.NeedsHealthCheckPort && spec.HealthCheckNodePort == 0) spec.Json["healthCheckNodePort"] = Take(context, tree, taken);
    }

    private static long Take(KindContext context, JsonObject tree, HashSet<long> taken)
    {
        var plan = context.Addresses;
        var size = plan.LastNodePort - plan.FirstNodePort + 1;
        var first = (uint)string.GetHashCode(tree.Metadata().Text("uid") ?? "", StringComparison.Ordinal) % (uint)size;
        for (var step = 0; step < size; step++)
        {
            var port = plan.FirstNodePort + ((first + step) % size);
            if (taken.Contains(port) || !context.Transaction.Image.Holders(ServiceClaims.NodePort(port)).IsEmpty) continue;
            taken.Add(port);
            return port;
        }
        throw ApiError.Internal("failed to allocate a nodePort: range is full").AsException();
    }
}
