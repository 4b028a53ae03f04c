using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrleansLb.Core;
using OrleansLb.Grains;
using OrleansLb.Grains.Status;
using OrleansLb.Silo.Telemetry;

namespace OrleansLb.Silo.Status;

/// <summary>What the service shows over HTTP: health, metrics, status, explanations and a page for people.</summary>
internal static class StatusEndpoints
{
    private static readonly byte[] Page = ReadPage();

    public static void MapStatus(this IEndpointRouteBuilder routes)
    {
        routes.MapGet(StatusPaths.Page, () => Results.Bytes(Page, "text/html; charset=utf-8"));
        routes.MapGet(StatusPaths.Health, () => Results.Text("ok"));
        routes.MapGet(StatusPaths.Liveness, () => Results.Text("ok"));
        routes.MapGet(StatusPaths.Readiness, async (Readiness readiness) => await Ready(readiness));
        routes.MapGet(StatusPaths.Metrics, (MetricsCollector metrics) => Results.Text(metrics.Write(), MetricsCollector.ContentType, Encoding.UTF8));
        routes.MapGet(StatusPaths.Status, async (IGrainFactory grains) =>
            Results.Json(StatusView.Of(await Grain(grains).Read(), await Grain(grains).Addresses()), StatusJson.Default.StatusView));
        routes.MapGet(StatusPaths.Bgp, (string? node, string? peer, IGrainFactory grains) => Bgp(node, peer, grains));
        routes.MapGet(StatusPaths.Explanation, (string @namespace, string name, IGrainFactory grains) => Explain(new(@namespace, name), grains));
    }

    private static IStatusGrain Grain(IGrainFactory grains) => grains.GetGrain<IStatusGrain>(ClusterKey.Value);

    private static async Task<IResult> Ready(Readiness readiness)
    {
        var missing = await readiness.Missing();
        return missing.Count == 0 ? Results.Text("ok") : Results.Text(string.Join('\n', missing) + "\n", statusCode: StatusCodes.Status503ServiceUnavailable);
    }

    private static async Task<IResult> Bgp(string? node, string? peer, IGrainFactory grains)
    {
        var nodes = await Grain(grains).Bgp(node is null ? null : new NodeName(node), withRoutes: true);
        if (node is not null && nodes.Count == 0)
            return Results.Text($"there is no node '{node}'; 'orleanslb status' lists those that there are.", statusCode: StatusCodes.Status404NotFound);
        return Results.Json(BgpView.Of(nodes, peer), StatusJson.Default.BgpView);
    }

    private static async Task<IResult> Explain(ServiceName service, IGrainFactory grains)
    {
        if (await Grain(grains).Explain(service) is { } explanation) return Results.Json(ExplanationView.Of(explanation), StatusJson.Default.ExplanationView);
        var nearest = await Grain(grains).NearestTo(service) is { } near ? $" Did you mean {near}?" : "";
        return Results.Text(
            $"there is no service {service} of type LoadBalancer that is ours; 'orleanslb status' lists those that there are.{nearest}",
            statusCode: StatusCodes.Status404NotFound);
    }

    private static byte[] ReadPage()
    {
        using var page = typeof(StatusEndpoints).Assembly.GetManifestResourceStream("status.html")
            ?? throw new InvalidOperationException("The status page is not in the program.");
        using var bytes = new MemoryStream();
        page.CopyTo(bytes);
        return bytes.ToArray();
    }
}
