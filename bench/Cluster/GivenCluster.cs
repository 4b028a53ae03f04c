using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Connection;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Manifests;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Bench.Cluster;

/// <summary>
/// A cluster of somebody's in which OrleansLb runs and serves nobody yet. What the benchmark makes in it stands in a namespace of its
/// own, or bears its name, and is removed at the end.
/// </summary>
internal sealed class GivenCluster : IAsyncDisposable
{
    public const string Name = "orleanslb-bench";
    private const string Ours = "orleanslb.io";
    private const string Version = "v1alpha1";

    private static readonly ApiResource Pools = new(Ours, Version, "addresspools", "AddressPool", Namespaced: false);
    private static readonly ApiResource Advertisements = new(Ours, Version, "l2advertisements", "L2Advertisement", Namespaced: false);
    private static readonly ApiResource Silos = new(Ours, Version, "siloclusters", "SiloCluster", Namespaced: true);
    private static readonly ApiResource Namespaces = ResourceTypes.Namespaces.Resource;
    private static readonly ApiResource Slices = ResourceTypes.EndpointSlices.Resource;

    /// <summary>What makes a cluster one that is in use; of the rivals' kinds only where they are.</summary>
    private static readonly ApiResource[] Configuring =
    [
        Pools, new("metallb.io", "v1beta1", "ipaddresspools", "IPAddressPool", Namespaced: true),
        new("network.kubesphere.io", "v1alpha2", "eips", "Eip", Namespaced: false),
    ];

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly List<string> _nodes = [];

    /// <summary>What was made beside Services, in that order: the first to be removed is on top.</summary>
    private readonly Stack<ApiResource> _made = [];

    private GivenCluster(ApiClient client) => Client = client;

    public ApiClient Client { get; }

    /// <summary>Looks whether it may be used, and makes a pool in it.</summary>
    /// <param name="addresses">The range of the pool: on the nodes' segment, and nobody's.</param>
    /// <exception cref="BenchException">It cannot be read, lacks OrleansLb, or is in use.</exception>
    public static async Task<GivenCluster> Open(string kubeconfig, string addresses)
    {
        GivenCluster? cluster = null;
        try
        {
            cluster = new(ApiClient.Connect(new() { Kubeconfig = kubeconfig, UserAgent = Name }, Environment.GetEnvironmentVariable, TimeProvider.System,
                NullLogger<ApiClient>.Instance));
            await cluster.RequireFree();
            await cluster.Prepare(addresses);
            return cluster;
        }
        catch (Exception fault) when (fault is ConnectionException or ApiException or HttpRequestException or BenchException)
        {
            if (cluster is not null) await cluster.DisposeAsync();
            throw fault as BenchException ?? new BenchException($"the cluster of {kubeconfig} cannot be used: {fault.Message}");
        }
    }

    /// <summary>A Service with an endpoint on each node.</summary>
    /// <param name="number">Its name goes by it.</param>
    /// <param name="isServed">False: it is of a class that nobody implements, and remains without an address.</param>
    public async Task CreateService(int number, bool isServed = true)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{(isServed ? "s" : "unserved")}{number}");
        var implementation = isServed ? "" : """ "loadBalancerClass": "example.com/nobody",""";
        var endpoints = string.Join(", ", _nodes.Select(node => $$"""{"addresses": ["192.0.2.1"], "conditions": {"ready": true}, "nodeName": "{{node}}"}"""));
        await Create(ResourceTypes.Services.Resource, $$"""
            {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "{{name}}", "namespace": "{{Name}}"},
             "spec": {"type": "LoadBalancer",{{implementation}} "allocateLoadBalancerNodePorts": false, "ports": [{"port": 80}]} }
            """);
        await Create(Slices, $$"""
            {"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "addressType": "IPv4", "ports": [{"port": 80}], "endpoints": [{{endpoints}}],
             "metadata": {"name": "{{name}}-1", "namespace": "{{Name}}", "labels": {"kubernetes.io/service-name": "{{name}}"} } }
            """);
    }

    /// <summary>Removes what was made, Services first: each gives its address back.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_made.Contains(Namespaces)) await RemoveServices();
        foreach (var kind in _made) await Client.Delete(kind, new(null, Name), default, CancellationToken.None);
        Client.Dispose();
    }

    /// <summary>Ends when all of them are gone.</summary>
    public async Task RemoveServices()
    {
        var services = await List(ResourceTypes.Services.Resource, Name);
        await Parallel.ForEachAsync(services,
            async (service, stop) => await Client.Delete(ResourceTypes.Services.Resource, new(Name, service.Metadata.Name), default, stop));
        await Wait.Until("the Services are gone", async () => (await List(ResourceTypes.Services.Resource, Name)).Count == 0, Patience);
    }

    /// <summary>A namespace and a pool of its own, announced on the segment.</summary>
    private async Task Prepare(string addresses)
    {
        await Make(Namespaces, "{}");
        await Make(Pools, $$"""{"addresses": ["{{addresses}}"]}""");
        await Make(Advertisements, $$"""{"addressPools": ["{{Name}}"]}""");
    }

    private async Task Make(ApiResource kind, string spec)
    {
        await Create(kind, $$"""{"apiVersion": "{{kind.ApiVersion}}", "kind": "{{kind.Kind}}", "metadata": {"name": "{{Name}}"}, "spec": {{spec}} }""");
        _made.Push(kind);
    }

    private async Task RequireFree()
    {
        var silos = await List(Silos, null);
        if (!silos.Exists(IsActive)) throw new BenchException("no process of OrleansLb runs in this cluster: install it first (docs/deploy.md).");
        foreach (var kind in Configuring)
        {
            if (await List(kind, null) is [var found, ..])
                throw new BenchException(
                    $"this cluster is in use, it has the {kind.Kind} '{found.Metadata.Name}': the benchmark is for one that serves nobody yet.");
        }
        var services = await Client.List(ResourceTypes.Services, new() { FieldSelector = "spec.type=LoadBalancer" }, CancellationToken.None);
        if (services.Items is [var service, ..])
            throw new BenchException($"this cluster is in use, it has the Service '{service.Metadata.Namespace}/{service.Metadata.Name}': the benchmark is "
                + "for one that serves nobody yet.");
        _nodes.AddRange((await Client.List(ResourceTypes.Nodes, new(), CancellationToken.None)).Items?.Select(node => node.Metadata.Name) ?? []);
    }

    private static bool IsActive(CustomObject cluster) =>
        cluster.Root["spec"] is Mapping spec && spec["silos"] is Sequence silos && silos.Items.OfType<Mapping>().Any(silo => silo.Text("status") == "Active");

    /// <summary>None where the cluster has no such kind.</summary>
    private async Task<List<CustomObject>> List(ApiResource resource, string? ns)
    {
        try
        {
            return (await Client.List(ResourceTypes.Custom(resource), new() { Namespace = ns }, CancellationToken.None)).Items ?? [];
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
        {
            return [];
        }
    }

    private async Task Create(ApiResource resource, string json)
    {
        var type = ResourceTypes.Custom(resource);
        await Client.Create(type, JsonSerializer.Deserialize(json, type.Json)!, CancellationToken.None);
    }
}
