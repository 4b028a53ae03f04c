using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using OrleansLb.Silo.Lab.Processes;
using OrleansLb.Silo.Lab.Story;
using OrleansLb.Silo.Status;

namespace OrleansLb.Lab.Tests.Orleans;

/// <summary>Processes of <c>orleanslb run</c> that form a cluster by way of an API that all of them share, each on a segment in memory.</summary>
internal sealed class SiloCluster : IAsyncDisposable
{
    private static int _lastPort = 21_000 + (Environment.ProcessId % 10_000);

    private readonly LoopbackApi _api;
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(2) };
    private readonly Dictionary<string, RunningProgram> _nodes = [];

    private SiloCluster(LoopbackApi api) => _api = api;

    public IEnumerable<string> Nodes => _nodes.Keys;

    /// <summary>What the nodes ask of the API.</summary>
    public ApiTraffic Traffic => _api.Traffic;

    public static Task<SiloCluster> Start(CancellationToken cancellation, params string[] nodes) => Start(null, cancellation, nodes);

    /// <summary>Likewise, with an API that grants its callers what the role has.</summary>
    public static async Task<SiloCluster> Start(LackingRole? role, CancellationToken cancellation, params string[] nodes)
    {
        var cluster = new SiloCluster(await LoopbackApi.Start(cancellation, role is null ? null : role.Judge));
        try
        {
            await cluster.Apply("""
                {apiVersion: orleanslb.io/v1alpha1, kind: AddressPool, metadata: {name: office}, spec: {addresses: [192.168.0.200-192.168.0.250]}}
                ---
                {apiVersion: orleanslb.io/v1alpha1, kind: L2Advertisement, metadata: {name: office}, spec: {addressPools: [office]}}
                """);
            await Task.WhenAll(nodes.Select(node => cluster.StartNode(node, cancellation)));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public string Kubeconfig => _api.Kubeconfig;

    public RunningProgram Node(string name) => _nodes[name];

    public async Task StartNode(string name, CancellationToken cancellation, params string[] more)
    {
        var program = await RunningProgram.Serving(name, await Launch(name, more), cancellation);
        lock (_nodes) _nodes[name] = program;
    }

    /// <summary>Starts a process that may never serve; whoever asks for it ends it.</summary>
    public async Task<RunningProgram> Begin(string name, params string[] more) => new(await Launch(name, more));

    private async Task<Process> Launch(string name, string[] more)
    {
        await _api.DeclareNode(name);
        string[] arguments =
        [
            "run", "--link", "memory", "--node", name, "--http", "127.0.0.1:0", "--kubeconfig", _api.Kubeconfig, "--cluster", "kubernetes",
            "--silo-address", "127.0.0.1", "--silo-port", $"{FreePort()}", "--gateway-port", $"{FreePort()}", .. more,
        ];
        return RunningProgram.Start(arguments);
    }

    /// <summary>The process ends as by <c>kill -9</c>.</summary>
    public async Task Kill(string name)
    {
        await _nodes[name].DisposeAsync();
        _nodes.Remove(name);
    }

    public async Task<int> Stop(string name, CancellationToken cancellation)
    {
        await using var program = _nodes[name];
        _nodes.Remove(name);
        return await program.Stop(cancellation);
    }

    /// <summary>Sends the process a signal: STOP freezes it, CONT wakes it.</summary>
    public async Task Signal(string name, string signal, CancellationToken cancellation) =>
        (await Tool.Run("kill", [$"-{signal}", $"{_nodes[name].Id}"], cancellation)).Succeeded();

    public Task Apply(string yaml) => _api.Apply(yaml);

    /// <summary>A Service with an endpoint that is ready, so that any node may announce it.</summary>
    public Task CreateService(string name) => Apply($$"""
        {apiVersion: v1, kind: Service, metadata: {name: {{name}}, namespace: default}, spec: {type: LoadBalancer, ports: [{port: 80}]} }
        ---
        apiVersion: discovery.k8s.io/v1
        kind: EndpointSlice
        metadata: {name: {{name}}-1, namespace: default, labels: {kubernetes.io/service-name: "{{name}}" } }
        addressType: IPv4
        endpoints: [{addresses: [10.0.0.1], conditions: {ready: true}, nodeName: node1}]
        ports: [{port: 80}]
        """);

    public Task<Tool.Result> Kubectl(string arguments, CancellationToken cancellation) =>
        Tool.Run("kubectl", ["--kubeconfig", _api.Kubeconfig, .. arguments.Split(' ')], cancellation);

    /// <summary>What a node has measured, in Prometheus' format.</summary>
    public Task<string> Metrics(string node, CancellationToken cancellation) => _http.GetStringAsync(new Uri(_nodes[node].Address, "/metrics"), cancellation);

    /// <summary>The cluster's status, asked of any node that answers.</summary>
    public async Task<StatusView?> Status(CancellationToken cancellation)
    {
        foreach (var node in _nodes.Values)
        {
            try
            {
                return await _http.GetFromJsonAsync(new Uri(node.Address, StatusPaths.Status), StatusJson.Default.StatusView, cancellation);
            }
            catch (Exception fault) when (fault is HttpRequestException or JsonException
                || (fault is OperationCanceledException && !cancellation.IsCancellationRequested))
            {
                continue; // it is on its way down, or busy with a death
            }
        }
        return null;
    }

    /// <summary>Waits until the service is announced by a node that is wanted, and returns the service.</summary>
    public Task<ServiceView> Announced(string name, Func<string, bool> isWanted, CancellationToken cancellation) => Eventually.See(
        $"default/{name} is announced",
        async () => (await Status(cancellation))
            ?.Services.SingleOrDefault(service => service.Service == $"default/{name}" && service.Announced && isWanted(service.Announcer!)),
        async () => $"{JsonSerializer.Serialize(await Status(cancellation), StatusJson.Default.StatusView)}{Errors()}",
        cancellation);

    /// <summary>Waits until these and no other nodes are alive in the grains' eyes.</summary>
    public Task<StatusView> Alive(string[] nodes, CancellationToken cancellation) => Eventually.See(
        $"{string.Join(", ", nodes)} are alive",
        async () => await Status(cancellation) is { } status
            && status.Nodes.Where(node => node.Alive).Select(node => node.Node).Order().SequenceEqual(nodes.Order()) ? status : null,
        async () => $"{JsonSerializer.Serialize(await Status(cancellation), StatusJson.Default.StatusView)}{Errors()}",
        cancellation);

    private string Errors() => string.Concat(_nodes.Select(node => $"\n{node.Key}: {node.Value.Errors}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes.Values) await node.DisposeAsync();
        await _api.DisposeAsync();
        _http.Dispose();
    }

    /// <summary>Below the ports that the system gives to connections: one of those could be taken again before the silo listens.</summary>
    private static int FreePort()
    {
        while (true)
        {
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                var port = Interlocked.Increment(ref _lastPort);
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
            {
                continue;
            }
        }
    }
}
