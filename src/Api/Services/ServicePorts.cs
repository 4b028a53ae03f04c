using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Services;

/// <summary>Node ports, one per port of a Service that is reached through its nodes, and one more for health checks.</summary>
internal static class ServicePorts
{
    private const string RangeIsFull = "failed to allocate a nodePort: range is full";

    public static void Allocate(KindContext context, JsonObject tree, ServiceSpec spec)
    {
        var taken = spec.Ports.Select(ServiceSpec.NodePort).Where(port => port != 0).ToHashSet();
        if (spec.NeedsNodePorts)
            foreach (var port in spec.Ports.Where(port => ServiceSpec.NodePort(port) == 0).ToList())
                Give(port, "nodePort", Take(context, tree, taken), context, spec);
        if (spec.NeedsHealthCheckPort && spec.HealthCheckNodePort == 0) Give(spec.Json, "healthCheckNodePort", Take(context, tree, taken), context, spec);
    }

    /// <summary>A load balancer is legal without node ports, and is not refused for want of them; a NodePort service is nothing without.</summary>
    private static void Give(JsonObject to, string member, long? port, KindContext context, ServiceSpec spec)
    {
        if (port is not null) to[member] = port;
        else if (!spec.IsLoadBalancer) throw ApiError.Internal(RangeIsFull).AsException();
        else context.Warnings.Add($"spec.{member}: {RangeIsFull}; the load balancer goes without");
    }

    private static long? Take(KindContext context, JsonObject tree, HashSet<long> taken)
    {
        var plan = context.Addresses;
        var size = plan.LastNodePort - plan.FirstNodePort + 1;
        if (context.Transaction.Image.Claims.Count(ServiceClaims.NodePortKind) >= size) return null;
        var first = (uint)string.GetHashCode(tree.Metadata().Text("uid") ?? "", StringComparison.Ordinal) % (uint)size;
        for (var step = 0; step < size; step++)
        {
            var port = plan.FirstNodePort + ((first + step) % size);
            if (taken.Contains(port) || !context.Transaction.Image.Holders(ServiceClaims.NodePort(port)).IsEmpty) continue;
            taken.Add(port);
            return port;
        }
        return null;
    }
}
