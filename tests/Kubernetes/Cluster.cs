using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Api.Hosting;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Connection;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Client.Transport;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Kubernetes.Feed;
using OrleansLb.Kubernetes.Objects;
using OrleansLb.Kubernetes.Records;

namespace OrleansLb.Kubernetes.Tests;

/// <summary>An embedded API with a client of it over HTTP, and all that is built on the client.</summary>
internal sealed class Cluster : IAsyncDisposable
{
    private EmbeddedApi _api;

    private Cluster(EmbeddedApi api)
    {
        _api = api;
        Client = new ApiClient(new ApiTransport(new ClusterConnection(api.BaseAddress), TimeProvider.System, NullLogger.Instance),
            new KubernetesClientOptions(), TimeProvider.System);
        Forms = new AcceptedForms(Client, NullLogger<AcceptedForms>.Instance);
        Feed = new ClusterFeed(Client, ServiceRules.Default, Cache, Forms, new Random(1), TimeProvider.System, NullLogger<ClusterFeed>.Instance);
        Claims = new ClaimStore(Client);
        Status = new ServiceStatusWriter(Client, Cache, ServiceRules.Default, TimeProvider.System, NullLogger<ServiceStatusWriter>.Instance);
    }

    public ApiClient Client { get; }

    public ServiceCache Cache { get; } = new();

    public AcceptedForms Forms { get; }

    public ClusterFeed Feed { get; }

    /// <summary>A reader with no memory, as after a restart of the program.</summary>
    public (ClusterFeed Feed, AcceptedForms Forms) Anew()
    {
        var forms = new AcceptedForms(Client, NullLogger<AcceptedForms>.Instance);
        return (new(Client, ServiceRules.Default, new(), forms, new Random(1), TimeProvider.System, NullLogger<ClusterFeed>.Instance), forms);
    }

    public ClaimStore Claims { get; }

    public ServiceStatusWriter Status { get; }

    public static async Task<Cluster> Start(string? data = null) =>
        new(await EmbeddedApi.StartAsync(new EmbeddedApiOptions { DataDirectory = data }, TestContext.Current.CancellationToken));

    /// <summary>Ends the API server, and starts another at the same port: with the same data, or with none.</summary>
    public async Task Restart(string? data)
    {
        var endpoint = new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, _api.BaseAddress.Port);
        await _api.DisposeAsync();
        _api = await EmbeddedApi.StartAsync(new EmbeddedApiOptions { Endpoint = endpoint, DataDirectory = data }, TestContext.Current.CancellationToken);
    }

    public Task Apply(string yaml) => _api.Api.ApplyTextAsync(yaml);

    public Task Delete(ApiResource resource, string? ns, string name) =>
        Client.Delete(resource, new ObjectPath(ns, name), default, TestContext.Current.CancellationToken);

    public Task<ServiceObject> Service(string name) => Client.Get(ResourceTypes.Services, "default", name, TestContext.Current.CancellationToken);

    public Task CreateService(string name, string spec = "type: LoadBalancer, ports: [{port: 80}]", string metadata = "") =>
        Apply($"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: "
            + $"default{(metadata.Length == 0 ? "" : $", {metadata}")}}}\nspec: {{{spec}}}\n");

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _api.DisposeAsync();
    }
}

/// <summary>Reads a feed until what a test waits for was told.</summary>
internal sealed class FeedReader(IClusterFeed feed) : IAsyncDisposable
{
    private readonly IAsyncEnumerator<ClusterChange> _changes =
        feed.Changes(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

    public List<ClusterChange> Told { get; } = [];

    public async Task<T> Next<T>(Func<T, bool>? matches = null)
        where T : ClusterChange
    {
        while (await _changes.MoveNextAsync())
        {
            Told.Add(_changes.Current);
            if (_changes.Current is T change && matches?.Invoke(change) != false) return change;
        }
        throw new InvalidOperationException("The feed ended.");
    }

    public ValueTask DisposeAsync() => _changes.DisposeAsync();
}
