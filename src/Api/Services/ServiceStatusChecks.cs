using System.Net;
using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Services;

/// <summary>What is legal in the status of a Service.</summary>
internal static class ServiceStatusChecks
{
    private static readonly string[] Modes = ["Proxy", "VIP"];
    private static readonly string[] ConditionStates = ["False", "True", "Unknown"];

    public static IEnumerable<FieldError> Validate(JsonObject tree, ServiceSpec spec)
    {
        var ingress = tree.Object("status").Object("loadBalancer").Objects("ingress").ToList();
        if (ingress.Count > 0 && !spec.IsLoadBalancer)
            yield return FieldError.Forbidden("status.loadBalancer.ingress", "may only be used when `spec.type` is \"LoadBalancer\"");
        foreach (var (index, entry) in ingress.Index())
            foreach (var error in Ingress(entry, $"status.loadBalancer.ingress[{index}]")) yield return error;
        foreach (var (index, condition) in tree.Object("status").Objects("conditions").Index())
            if (!ConditionStates.Contains(condition.Text("status")))
                yield return FieldError.NotSupported($"status.conditions[{index}].status", condition["status"], ConditionStates);
    }

    private static IEnumerable<FieldError> Ingress(JsonObject entry, string field)
    {
        var (ip, mode, host) = (entry.Text("ip") ?? "", entry.Text("ipMode"), entry.Text("hostname") ?? "");
        if (ip.Length > 0 && !IPAddress.TryParse(ip, out _)) yield return FieldError.Invalid($"{field}.ip", ip, "must be a valid IP address");
        if (mode is not null && ip.Length == 0) yield return FieldError.Forbidden($"{field}.ipMode", "may not be specified when `ip` is not set");
        if (mode is not null && !Modes.Contains(mode)) yield return FieldError.NotSupported($"{field}.ipMode", mode, Modes);
        if (host.Length > 0 && (!NameRule.Subdomain.Accepts(host) || IPAddress.TryParse(host, out _)))
            yield return FieldError.Invalid($"{field}.hostname", host, "must be a DNS name, not an IP address");
    }
}
