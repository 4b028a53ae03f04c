using System.Net;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Objects;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Schemas;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Services;

/// <summary>What is legal in the spec of a Service, seen by itself.</summary>
internal static class ServiceChecks
{
    private const string LoadBalancerOnly = "may only be used when `type` is 'LoadBalancer'";

    private static readonly string[] Types = ["ClusterIP", "ExternalName", "LoadBalancer", "NodePort"];
    private static readonly string[] Affinities = ["ClientIP", "None"];
    private static readonly string[] Policies = ["Cluster", "Local"];
    private static readonly string[] AllFamilies = ["IPv4", "IPv6"];
    private static readonly string[] FamilyPolicies = ["PreferDualStack", "RequireDualStack", "SingleStack"];

    public static IEnumerable<FieldError> Shape(ServiceSpec spec) =>
        Words(spec).Concat(ServicePortChecks.Validate(spec)).Concat(ByType(spec)).Concat(Addresses(spec)).Concat(Families(spec));

    private static IEnumerable<FieldError> Words(ServiceSpec spec)
    {
        var checks = new (string Field, string[] Allowed)[]
        {
            ("type", Types), ("sessionAffinity", Affinities), ("externalTrafficPolicy", Policies),
            ("internalTrafficPolicy", Policies), ("ipFamilyPolicy", FamilyPolicies),
        };
        foreach (var (field, allowed) in checks)
            if (spec.Json.Text(field) is { } word && !allowed.Contains(word)) yield return FieldError.NotSupported($"spec.{field}", word, allowed);
        if (spec.Json.Object("sessionAffinityConfig").Object("clientIP").Whole("timeoutSeconds") is { } seconds and (<= 0 or > 86400))
            yield return FieldError.Invalid("spec.sessionAffinityConfig.clientIP.timeoutSeconds", seconds,
                "must be greater than 0 and less than or equal to 86400");
        foreach (var (key, value) in spec.Json.Object("selector") ?? [])
            if (!MetadataChecks.IsQualifiedName(key) || !MetadataChecks.IsLabelValue(value.AsText() ?? ""))
                yield return FieldError.Invalid("spec.selector", $"{key}={value}", "must be a valid label key and value");
    }

    private static IEnumerable<FieldError> ByType(ServiceSpec spec)
    {
        if (spec.IsExternalName)
        {
            if (spec.Json.Text("externalName") is not { Length: > 0 } name) yield return FieldError.Required("spec.externalName");
            else if (!NameRule.Subdomain.Accepts(name.TrimEnd('.'))) yield return FieldError.Invalid("spec.externalName", name, NameRule.Subdomain.Explanation);
            if (spec.ClusterIPs.Count > 0) yield return FieldError.Forbidden("spec.clusterIPs", "may not be set for ExternalName services");
        }
        if (spec.MayHaveNodePorts && spec.IsHeadless)
            yield return FieldError.Invalid("spec.clusterIPs[0]", "None", $"may not be set to 'None' for {spec.Type} services");
        if (!spec.IsExternallyAccessible && spec.Json["externalTrafficPolicy"] is not null)
            yield return FieldError.Invalid("spec.externalTrafficPolicy", spec.Json["externalTrafficPolicy"],
                "may only be set for externally-accessible services");
        if (!spec.NeedsHealthCheckPort && spec.HealthCheckNodePort != 0)
            yield return FieldError.Invalid("spec.healthCheckNodePort", spec.HealthCheckNodePort,
                "may only be set when `type` is 'LoadBalancer' and `externalTrafficPolicy` is 'Local'");
        foreach (var name in (string[])["loadBalancerClass", "allocateLoadBalancerNodePorts", "loadBalancerSourceRanges"])
            if (!spec.IsLoadBalancer && spec.Json[name] is not null) yield return FieldError.Forbidden($"spec.{name}", LoadBalancerOnly);
        if (spec.Json.Text("loadBalancerClass") is { } loadBalancerClass && !MetadataChecks.IsQualifiedName(loadBalancerClass))
            yield return FieldError.Invalid("spec.loadBalancerClass", loadBalancerClass,
                "must be a label-style identifier, with an optional prefix such as \"internal-vip\" or \"example.com/internal-vip\"");
    }

    private static IEnumerable<FieldError> Addresses(ServiceSpec spec)
    {
        foreach (var (index, address) in spec.Json.Texts("externalIPs").Index())
        {
            if (!IPAddress.TryParse(address, out var ip)) yield return FieldError.Invalid($"spec.externalIPs[{index}]", address, "must be a valid IP address");
            else if (IPAddress.IsLoopback(ip) || ip.Equals(IPAddress.Any) || ip.Equals(IPAddress.IPv6Any) || ip.IsIPv6LinkLocal)
                yield return FieldError.Invalid($"spec.externalIPs[{index}]", address, "may not be unspecified, loopback or link-local");
        }
        foreach (var (index, range) in spec.Json.Texts("loadBalancerSourceRanges").Index())
            if (!Formats.IsCidr(range.Trim()))
                yield return FieldError.Invalid($"spec.loadBalancerSourceRanges[{index}]", range,
                    "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)");
    }

    private static IEnumerable<FieldError> Families(ServiceSpec spec)
    {
        foreach (var (index, family) in spec.Families.Index())
            if (!AllFamilies.Contains(family)) yield return FieldError.NotSupported($"spec.ipFamilies[{index}]", family, AllFamilies);
        if (spec.Families is [var first, var second] && first == second) yield return FieldError.Duplicate("spec.ipFamilies[1]", second);
        if (spec.Families.Count > 2) yield return FieldError.Invalid("spec.ipFamilies", spec.Families.Count, "may only hold up to 2 values");
        if (spec.ClusterIPs.Count > 2) yield return FieldError.Invalid("spec.clusterIPs", spec.ClusterIPs.Count, "may only hold up to 2 values");
        if (spec.FamilyPolicy == "SingleStack" && spec.Families.Count == 2)
            yield return FieldError.Invalid("spec.ipFamilyPolicy", "SingleStack", "may not be 'SingleStack' when multiple 'ipFamilies' are specified");
        if (spec.Json.Text("clusterIP") is { Length: > 0 } one && spec.ClusterIPs is [var primary, ..] && one != primary)
            yield return FieldError.Invalid("spec.clusterIPs[0]", primary, "first value must match `clusterIP`");
        foreach (var (index, address) in spec.ClusterIPs.Index())
            if (ServiceAddresses.FamilyOf(address) is { } family && index < spec.Families.Count && spec.Families[index] != family)
                yield return FieldError.Invalid($"spec.clusterIPs[{index}]", address,
                    $"expected an {spec.Families[index]} value as indicated by `ipFamilies[{index}]`");
    }
}
