using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Api.Hosting;
using OrleansLb.Api.Rest;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>The embedded API over HTTP on the loopback, for processes that have it in common; takes note of what they ask of it.</summary>
internal sealed class LoopbackApi : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _server;
    private readonly KubernetesApi _api;

    private LoopbackApi(WebApplication server, KubernetesApi api) => (_server, _api) = (server, api);

    public ApiTraffic Traffic { get; } = new(TimeProvider.System);

    /// <summary>The file that names it.</summary>
    public string Kubeconfig => Path.Combine(_folder.Path, "kubeconfig");

    /// <param name="cancellation">Gives the start up.</param>
    /// <param name="guard">Sees each request before it is answered.</param>
    public static async Task<LoopbackApi> Start(CancellationToken cancellation, Func<HttpContext, RequestDelegate, Task>? guard = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var loopback = new LoopbackApi(builder.Build(), await KubernetesApiFactory.OpenAsync(new EmbeddedApiOptions()));
        loopback._server.Use(loopback.Traffic.Pass);
        if (guard is not null) loopback._server.Use(guard);
        loopback._server.MapKubernetesApiToAll(loopback._api);
        await loopback._server.StartAsync(cancellation);
        var address = loopback._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        await File.WriteAllTextAsync(loopback.Kubeconfig, $$"""
            {apiVersion: v1, kind: Config, current-context: lab, contexts: [{name: lab, context: {cluster: lab, user: lab} }],
             clusters: [{name: lab, cluster: {server: "{{address}}"} }], users: [{name: lab, user: {} }]}
            """, cancellation);
        return loopback;
    }

    public Task Apply(string yaml) => _api.ApplyTextAsync(yaml);

    /// <summary>A Node that is ready.</summary>
    public Task DeclareNode(string node) => Apply($$"""{apiVersion: v1, kind: Node, metadata: {name: "{{node}}"}, status: {conditions: [{type: Ready, status: "True"}] } }""");

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
        await _api.DisposeAsync();
        _folder.Dispose();
    }
}
