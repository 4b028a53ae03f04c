using System.Diagnostics;
using System.Globalization;
using System.Net;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Processes;

namespace OrleansLb.Bench.Cluster;

/// <summary>Nodes as network namespaces on one segment, a process of the service on each, and 500 Services.</summary>
internal sealed class ClusterBed : IAsyncDisposable
{
    public const int Services = 500;

    /// <summary>Silos say that they live whether there is something to do or not.</summary>
    public const string Heartbeats = "leases";
    private const int Nodes = 3;
    private const int AtOnce = 32;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    private readonly List<Address> _addresses = [];

    private ClusterBed(NamespaceNetwork network, ProcessCluster cluster) => (Network, Cluster) = (network, cluster);

    public NamespaceNetwork Network { get; }

    public ProcessCluster Cluster { get; }

    /// <param name="logs">The folder for what the nodes log, a file for each; null: it is not kept.</param>
    public static async Task<ClusterBed> Make(string? logs)
    {
        var network = await NamespaceNetwork.Create(LabPlan.Of(Nodes), CancellationToken.None);
        try
        {
            var cluster = await ProcessCluster.Start(network, new(IPAddress.Loopback, 0), static _ => [], CancellationToken.None, logs);
            await cluster.Api.Apply($$"""
                {apiVersion: orleanslb.io/v1alpha1, kind: AddressPool, metadata: {name: bench}, spec: {addresses: ["{{LabPlan.ManyServices}}"]} }
                ---
                {apiVersion: orleanslb.io/v1alpha1, kind: L2Advertisement, metadata: {name: bench}, spec: {addressPools: [bench]} }
                """);
            return new(network, cluster);
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>
    /// Creates all Services at once; answers the time until each has its address in its status and the client has heard
    /// it announced, in ticks of the stopwatch.
    /// </summary>
    public async Task<long> Fill()
    {
        _addresses.Clear();
        await using var ledger = new AddressLedger(Cluster.Api.Local, TimeProvider.System);
        var began = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(0, Services), new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (number, _) => await Create(number));
        var shown = 0L;
        await Wait.Until($"{Services} services have an address", () => (shown = ledger.Shown.Values.Count(address => address is not null)) == Services,
            Patience);
        var told = Stopwatch.GetTimestamp();
        _addresses.AddRange(ledger.Shown.Values.Select(address => Address.Parse(address!)));
        var heard = await Heard(_addresses, began, []);
        return Math.Max(told, heard[^1]) - began;
    }

    /// <summary>Deletes all Services; ends when the silos write no more.</summary>
    public async Task Empty()
    {
        await Parallel.ForEachAsync(Enumerable.Range(0, Services), new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
            async (number, cancellation) => await Cluster.DeleteService(Name(number), cancellation));
        await Settled();
    }

    /// <summary>The processor time of all silos so far.</summary>
    public TimeSpan SilosTime => Cluster.Nodes.Aggregate(TimeSpan.Zero, (sum, node) => sum + Cluster.Process(node).ProcessorTime);

    /// <summary>Who answers for each address; afterwards the witness asks for nothing.</summary>
    public async Task<IReadOnlyDictionary<Address, NodeName>> Holders()
    {
        var holders = new Dictionary<Address, NodeName>();
        var since = Stopwatch.GetTimestamp();
        Network.Witness.Ask(_addresses);
        await Wait.Until("somebody answers for each address", () =>
        {
            foreach (var answer in Network.Witness.Since(since)) if (Network.Plan.NodeOf(answer.Mac) is { } node) holders[answer.Address] = node;
            return holders.Count == Services;
        }, Patience);
        Network.Witness.Ask([]);
        return holders;
    }

    /// <summary>The writes to the API, by resource, once there are no more: the cluster is at rest.</summary>
    public async Task<IReadOnlyDictionary<string, long>> Settled()
    {
        var (writes, total, since) = (Cluster.Api.Traffic.Writes, -1L, Stopwatch.GetTimestamp());
        await Wait.Until("the services write no more", () =>
        {
            writes = Cluster.Api.Traffic.Writes;
            var now = writes.Where(entry => entry.Key != Heartbeats).Sum(entry => entry.Value);
            if (now != total) (total, since) = (now, Stopwatch.GetTimestamp());
            return Stopwatch.GetElapsedTime(since) >= Quiet;
        }, Patience);
        return writes;
    }

    /// <summary>When the client heard each address announced for the first time by a node that is not one of these, in order.</summary>
    public async Task<List<long>> Heard(IReadOnlyCollection<Address> addresses, long since, IReadOnlyCollection<NodeName> notBy)
    {
        var wanted = addresses.ToHashSet();
        List<long> firsts = [];
        await Wait.Until($"{wanted.Count} addresses are announced", () => (firsts = Firsts(wanted, since, notBy)).Count == wanted.Count, Patience);
        return firsts;
    }

    public async ValueTask DisposeAsync()
    {
        await Cluster.DisposeAsync();
        await Network.DisposeAsync();
    }

    private List<long> Firsts(HashSet<Address> wanted, long since, IReadOnlyCollection<NodeName> notBy) =>
    [
        .. Network.Capture.Since(since)
            .Where(sighting => wanted.Contains(sighting.Address) && Network.Plan.NodeOf(sighting.Mac) is { } node && !notBy.Contains(node))
            .DistinctBy(sighting => sighting.Address).Select(sighting => sighting.At).Order(),
    ];

    private static string Name(int number) => string.Create(CultureInfo.InvariantCulture, $"s{number}");

    private Task Create(int number)
    {
        var endpoints = string.Join(", ", Network.Plan.Nodes.Select(node => $$"""{addresses: ["{{node.Addresses[0]}}"], conditions: {ready: true}, nodeName: {{node.Name}} }"""));
        return Cluster.Api.Apply(string.Create(CultureInfo.InvariantCulture, $$"""
            {apiVersion: v1, kind: Service, metadata: {name: {{Name(number)}}, namespace: default}, spec: {type: LoadBalancer, ports: [{port: 80}]} }
            ---
            apiVersion: discovery.k8s.io/v1
            kind: EndpointSlice
            metadata: {name: {{Name(number)}}-1, namespace: default, labels: {kubernetes.io/service-name: {{Name(number)}} } }
            addressType: IPv4
            endpoints: [{{endpoints}}]
            ports: [{port: 80}]
            """));
    }
}
