using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;

namespace OrleansLb.Api.Services;

/// <summary>What is legal in the ports of a Service.</summary>
internal static class ServicePortChecks
{
    private const string Range = "must be between 1 and 65535, inclusive";

    private static readonly string[] Protocols = ["SCTP", "TCP", "UDP"];

    public static IEnumerable<FieldError> Validate(ServiceSpec spec)
    {
        var ports = spec.Ports.ToList();
        if (ports.Count == 0 && !spec.IsHeadless && !spec.IsExternalName) yield return FieldError.Required("spec.ports");
        foreach (var (index, port) in ports.Index())
            foreach (var error in One(port, $"spec.ports[{index}]", ports.Count > 1, spec)) yield return error;
        foreach (var error in Repeated(ports)) yield return error;
    }

    private static IEnumerable<FieldError> One(JsonObject port, string field, bool nameNeeded, ServiceSpec spec)
    {
        var name = port.Text("name") ?? "";
        if (name.Length == 0 && nameNeeded) yield return FieldError.Required($"{field}.name");
        if (name.Length > 0 && !NameRule.Label.Accepts(name)) yield return FieldError.Invalid($"{field}.name", name, NameRule.Label.Explanation);
        if (port.Whole("port") is not (>= 1 and <= 65535)) yield return FieldError.Invalid($"{field}.port", port["port"], Range);
        if (!Protocols.Contains(port.Text("protocol") ?? "TCP")) yield return FieldError.NotSupported($"{field}.protocol", port["protocol"], Protocols);
        if (port["targetPort"] is { } target && !IsTarget(target))
            yield return FieldError.Invalid($"{field}.targetPort", target, target.AsWhole() is null ? "must be a valid port name" : Range);
        if (!spec.MayHaveNodePorts && ServiceSpec.NodePort(port) != 0)
            yield return FieldError.Forbidden($"{field}.nodePort", $"may not be used when `type` is '{spec.Type}'");
    }

    private static IEnumerable<FieldError> Repeated(List<JsonObject> ports)
    {
        var (names, keys, nodePorts) = (new HashSet<string>(), new HashSet<(string, long)>(), new HashSet<(string, long)>());
        foreach (var (index, port) in ports.Index())
        {
            var (protocol, number) = ServiceSpec.PortKey(port);
            if (port.Text("name") is { Length: > 0 } name && !names.Add(name)) yield return FieldError.Duplicate($"spec.ports[{index}].name", name);
            if (!keys.Add((protocol, number)))
                yield return FieldError.Duplicate($"spec.ports[{index}]", new JsonObject { ["port"] = number, ["protocol"] = protocol });
            if (ServiceSpec.NodePort(port) is not 0 and var nodePort && !nodePorts.Add((protocol, nodePort)))
                yield return FieldError.Duplicate($"spec.ports[{index}].nodePort", nodePort);
        }
    }

    /// <summary>A number in range, or a name of up to 15 letters, digits and single dashes with at least one letter.</summary>
    private static bool IsTarget(JsonNode target)
    {
        if (target.AsWhole() is { } number) return number is >= 1 and <= 65535;
        var name = target.AsText() ?? "";
        return name.Length <= 15 && NameRule.Label.Accepts(name) && name.Any(char.IsAsciiLetter) && !name.Contains("--", StringComparison.Ordinal);
    }
}
