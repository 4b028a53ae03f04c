using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Api.Hosting;
using OrleansLb.Api.Rest;
using OrleansLb.Silo.Lab;
using OrleansLb.Silo.Lab.Processes;

namespace OrleansLb.Bench.Cluster;

/// <summary>The embedded API over HTTP on the loopback, for silos that have it in common.</summary>
internal sealed class SharedApi : IAsyncDisposable
{
    private const int AtOnce = 16;

    private readonly TemporaryFolder _folder = new();
    private readonly WebApplication _server;
    private readonly KubernetesApi _api;

    private SharedApi(WebApplication server, KubernetesApi api) => (_server, _api) = (server, api);

    public ApiTraffic Traffic { get; } = new(TimeProvider.System);

    public string Kubeconfig => Path.Combine(_folder.Path, "kubeconfig");

    public static async Task<SharedApi> Start()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var shared = new SharedApi(builder.Build(), await KubernetesApiFactory.OpenAsync(new EmbeddedApiOptions()));
        shared._server.Use(shared.Traffic.Pass);
        shared._server.MapKubernetesApiToAll(shared._api);
        await shared._server.StartAsync();
        var address = shared._server.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        await File.WriteAllTextAsync(shared.Kubeconfig, $$"""
            {apiVersion: v1, kind: Config, current-context: c, contexts: [{name: c, context: {cluster: c, user: c} }], clusters: [{name: c, cluster: {server: "{{address}}"} }], users: [{name: c, user: {} }]}
            """);
        return shared;
    }

    public Task Apply(string yaml) => _api.ApplyTextAsync(yaml);

    public Task DeclareNode(string node) => Apply($$"""{apiVersion: v1, kind: Node, metadata: {name: "{{node}}"}, status: {conditions: [{type: Ready, status: "True"}] } }""");

    /// <summary>Services of type LoadBalancer, each with an endpoint on the node.</summary>
    public Task CreateServices(int first, int count, string node) => Parallel.ForEachAsync(Enumerable.Range(first, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) => await Apply(string.Create(CultureInfo.InvariantCulture, $$"""
        {apiVersion: v1, kind: Service, metadata: {name: s{{number}}, namespace: default}, spec: {type: LoadBalancer, ports: [{port: 80}]} }
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: s{{number}}-1, namespace: default, labels: {kubernetes.io/service-name: s{{number}} } }
        addressType: IPv4
        endpoints: [{addresses: [192.0.2.1], conditions: {ready: true}, nodeName: {{node}} }]
        ports: [{port: 80}]
        """)));

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync();
        await _server.DisposeAsync();
        await _api.DisposeAsync();
        _folder.Dispose();
    }
}
