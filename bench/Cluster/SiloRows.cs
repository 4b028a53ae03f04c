using System.Diagnostics;
using System.Globalization;
using OrleansLb.Silo.Lab.Processes;

namespace OrleansLb.Bench.Cluster;

/// <summary>How long a silo takes to serve, and the memory that it needs.</summary>
internal static class SiloRows
{
    private const int Starts = 5;
    private const int AtOnce = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    /// <summary>For the memory to come to rest once all is served.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private static readonly Goal Start = new("silo start to serving, ms, median of 5", 3000);
    private static readonly Goal Slowest = new("silo start to serving, ms, worst of 5", 3000);

    private static readonly (int Services, Goal Goal)[] Memory =
    [
        (0, new("memory of an idle silo, MiB resident", MetalLb: 51)),
        (500, new("memory with 500 services, MiB resident", MetalLb: 64)),
        (2000, new("memory with 2,000 services, MiB resident", MetalLb: 88)),
        (5000, new("memory with 5,000 services, MiB resident")),
    ];

    /// <summary>The silos that are started serve beside one that runs already.</summary>
    public static async Task MeasureStart(Findings findings)
    {
        await using var api = await LoopbackApi.Start(CancellationToken.None);
        await api.DeclareNode("first");
        using var first = RunningNode.Join(api.Kubeconfig, "first");
        await first.UntilServing(0, Patience, Pace);
        var samples = new Samples();
        for (var start = 0; start < Starts; start++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"node{start}");
            await api.DeclareNode(name);
            var started = Stopwatch.GetTimestamp();
            using var silo = RunningNode.Join(api.Kubeconfig, name);
            await silo.UntilServing(0, Patience, Pace);
            samples.Add(Stopwatch.GetTimestamp() - started);
        }
        findings.Add(Start, Slowest, samples);
    }

    /// <summary>One silo that keeps all grains and announces all addresses.</summary>
    public static async Task MeasureMemory(Findings findings)
    {
        await using var api = await LoopbackApi.Start(CancellationToken.None);
        await api.DeclareNode("node");
        await api.Apply("""
            {apiVersion: orleanslb.io/v1alpha1, kind: AddressPool, metadata: {name: bench}, spec: {addresses: ["10.128.0.0/17"]}}
            ---
            {apiVersion: orleanslb.io/v1alpha1, kind: L2Advertisement, metadata: {name: bench}, spec: {addressPools: [bench], interfaces: [eth0]}}
            """);
        using var silo = RunningNode.Join(api.Kubeconfig, "node");
        var created = 0;
        foreach (var (services, goal) in Memory)
        {
            await CreateServices(api, created, services - created);
            created = services;
            await silo.UntilServing(services, Patience, TimeSpan.FromSeconds(1));
            await Task.Delay(Rest);
            findings.Add(goal, silo.WorkingSetMiB);
        }
    }

    /// <summary>Services of type LoadBalancer, each with an endpoint on the node.</summary>
    private static Task CreateServices(LoopbackApi api, int first, int count) => Parallel.ForEachAsync(Enumerable.Range(first, count), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (number, _) => await api.Apply(string.Create(CultureInfo.InvariantCulture, $$"""
        {apiVersion: v1, kind: Service, metadata: {name: s{{number}}, namespace: default}, spec: {type: LoadBalancer, ports: [{port: 80}]} }
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: s{{number}}-1, namespace: default, labels: {kubernetes.io/service-name: s{{number}} } }
        addressType: IPv4
        endpoints: [{addresses: [192.0.2.1], conditions: {ready: true}, nodeName: node}]
        ports: [{port: 80}]
        """)));
}
