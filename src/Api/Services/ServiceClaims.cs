using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Services;

/// <summary>What a Service holds that no other may: cluster addresses and node ports.</summary>
internal static class ServiceClaims
{
    public const string NodePortKind = "nodePort";

    public static string ClusterIP(string address) => $"clusterIP/{address}";

    public static string NodePort(long port) => string.Create(CultureInfo.InvariantCulture, $"{NodePortKind}/{port}");

    public static IEnumerable<string> Of(ServiceSpec spec)
    {
        foreach (var address in spec.ClusterIPs.Where(address => address != "None")) yield return ClusterIP(address);
        foreach (var port in spec.Ports.Select(ServiceSpec.NodePort).Append(spec.HealthCheckNodePort).Where(port => port != 0).Distinct())
            yield return NodePort(port);
    }

    /// <summary>Asked-for addresses and ports that lie outside their range or are held by another Service.</summary>
    public static IEnumerable<FieldError> Conflicts(KindContext context, JsonObject tree, ServiceSpec spec)
    {
        var metadata = tree.Metadata();
        var self = new ObjectRef(KnownResources.Services, new(metadata.Text("namespace") ?? "", metadata.Text("name") ?? ""));
        return AddressConflicts(context, spec, self).Concat(PortConflicts(context, spec, self));
    }

    private static IEnumerable<FieldError> AddressConflicts(KindContext context, ServiceSpec spec, ObjectRef self)
    {
        foreach (var (index, address) in spec.ClusterIPs.Index())
        {
            if (address == "None") continue;
            var network = ServiceAddresses.FamilyOf(address) == "IPv6" ? context.Addresses.ClusterIPv6 : context.Addresses.ClusterIPv4;
            if (!IPAddress.TryParse(address, out var ip)) yield return FieldError.Invalid($"spec.clusterIPs[{index}]", address, "must be a valid IP address");
            else if (!network.Contains(ip))
                yield return FieldError.Invalid($"spec.clusterIPs[{index}]", address,
                    $"failed to allocate IP {address}: the provided IP is not in the valid range. The range of valid IPs is {network}");
            else if (HeldByAnother(context, ClusterIP(address), self))
                yield return FieldError.Invalid($"spec.clusterIPs[{index}]", address, $"failed to allocate IP {address}: provided IP is already allocated");
        }
    }

    private static IEnumerable<FieldError> PortConflicts(KindContext context, ServiceSpec spec, ObjectRef self)
    {
        var asked = spec.Ports.Select((port, index) => (Field: $"spec.ports[{index}].nodePort", Port: ServiceSpec.NodePort(port)))
            .Append((Field: "spec.healthCheckNodePort", Port: spec.HealthCheckNodePort));
        foreach (var (field, port) in asked.Where(ask => ask.Port != 0))
        {
            if (port < context.Addresses.FirstNodePort || port > context.Addresses.LastNodePort)
                yield return FieldError.Invalid(field, port,
                    $"provided port is not in the valid range. The range of valid ports is {context.Addresses.FirstNodePort}-{context.Addresses.LastNodePort}");
            else if (HeldByAnother(context, NodePort(port), self)) yield return FieldError.Invalid(field, port, "provided port is already allocated");
        }
    }

    private static bool HeldByAnother(KindContext context, string claim, ObjectRef self)
    {
        foreach (var holder in context.Transaction.Image.Holders(claim))
            if (holder != self) return true;
        return false;
    }
}
