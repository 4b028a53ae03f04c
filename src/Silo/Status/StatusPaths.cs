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
    public const string Explanation = "/orleanslb/v1/explain/{namespace}/{name}";

    public static string ExplanationOf(ServiceName service) =>
        $"/orleanslb/v1/explain/{Uri.EscapeDataString(service.Namespace)}/{Uri.EscapeDataString(service.Name)}";
}
