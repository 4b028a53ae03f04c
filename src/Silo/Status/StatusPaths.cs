using OrleansLb.Core;

namespace OrleansLb.Silo.Status;

/// <summary>Where the service shows itself over HTTP, next to the embedded API on the same port.</summary>
internal static class StatusPaths
{
    public const string Page = "/";
    public const string Health = "/healthz";
    public const string Liveness = "/livez";
    public const string Readiness = "/readyz";
    public const string Metrics = "/metrics";
    public const string Status = "/orleanslb/v1/status";
    public const string Bgp = "/orleanslb/v1/status/bgp";
    public const string Explanation = "/orleanslb/v1/explain/{namespace}/{name}";

    /// <summary>The BGP status of one node or all, and of one peer or all.</summary>
    public static string BgpOf(string? node, string? peer)
    {
        var queries = new[] { ("node", node), ("peer", peer) }.Where(query => query.Item2 is not null)
            .Select(query => $"{query.Item1}={Uri.EscapeDataString(query.Item2!)}");
        return string.Join('&', queries) is { Length: > 0 } text ? $"{Bgp}?{text}" : Bgp;
    }

    public static string ExplanationOf(ServiceName service) =>
        $"/orleanslb/v1/explain/{Uri.EscapeDataString(service.Namespace)}/{Uri.EscapeDataString(service.Name)}";
}
