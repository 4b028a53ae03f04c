using System.Net;
using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>The lab's nodes, each a process in its namespace, with the API that they share on a machine of its own.</summary>
internal sealed class ProcessCluster : IAsyncDisposable
{
    private const int ApiPort = 6443;

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<NodeName, NodeProcess> _processes = [];
    private readonly HttpClient _http;

    private ProcessCluster(NamespaceNetwork network, ControlApi api)
    {
        (Network, Api) = (network, api);
        _http = new() { BaseAddress = api.Local };
        File.WriteAllText(Kubeconfig, $$"""
            {apiVersion: v1, kind: Config, current-context: lab, contexts: [{name: lab, context: {cluster: lab, user: lab} }],
             clusters: [{name: lab, cluster: {server: "{{api.OnSegment}}"} }], users: [{name: lab, user: {} }]}
            """);
    }

    public NamespaceNetwork Network { get; }

    public ControlApi Api { get; }

    public IEnumerable<NodeName> Nodes => Network.Plan.Nodes.Select(node => new NodeName(node.Name));

    private string Kubeconfig => Path.Combine(_folder.Path, "kubeconfig");

    public static async Task<ProcessCluster> Start(NamespaceNetwork network, IPEndPoint http, CancellationToken cancellation)
    {
        var scope = await network.AddControl(cancellation);
        var api = await ControlApi.Start(scope, new(LabPlan.Control.Addresses[0].ToIPAddress(), ApiPort), http, cancellation);
        var cluster = new ProcessCluster(network, api);
        try
        {
            foreach (var node in cluster.Nodes) await api.Apply($$"""{apiVersion: v1, kind: Node, metadata: {name: "{{node}}"}, status: {conditions: [{type: Ready, status: "True"}] } }""");
            await Task.WhenAll(cluster.Nodes.Select(node => cluster.StartNode(node, cancellation)));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public NodeProcess Process(NodeName node) => _processes[node];

    /// <summary>Starts the node's process, in the place of one that has ended.</summary>
    public async Task StartNode(NodeName node, CancellationToken cancellation)
    {
        NodeProcess? former;
        lock (_processes) _processes.Remove(node, out former);
        if (former is not null) await former.DisposeAsync();
        var machine = Network.Plan.Nodes.Single(known => known.Name == node.Value);
        string[] arguments = ["--kubeconfig", Kubeconfig, "--cluster", "kubernetes", "--silo-address", machine.Addresses[0].ToString(), "--log-level", "information"];
        var process = await NodeProcess.Start(node, Network.NamespaceOf(node.Value), arguments, cancellation);
        lock (_processes) _processes[node] = process;
    }

    /// <summary>Takes away, or gives back, the paths between the node and the other nodes; the segment and the API stay.</summary>
    public Task CutOff(NodeName node, bool isCut, CancellationToken cancellation) => IpCommand.Batch(
        Network.NamespaceOf(node.Value),
        Network.Plan.Nodes.Where(other => other.Name != node.Value).Select(other => $"route {(isCut ? "add" : "delete")} blackhole {other.Addresses[0]}/32"),
        cancellation);

    /// <summary>Waits until the nodes, and no others, are active members.</summary>
    public Task Members(IEnumerable<NodeName> nodes, CancellationToken cancellation)
    {
        var wanted = nodes.Select(node => node.Value).Order().ToList();
        return Eventually.See($"{string.Join(", ", wanted)} are the members", async () => (await Active(cancellation)).SequenceEqual(wanted) ? wanted : null, async () => $"{string.Join(", ", await Active(cancellation))}{Logs()}", cancellation);
    }

    /// <summary>The end of what each process has logged.</summary>
    public string Logs() => string.Concat(_processes.Values.Select(process => $"\n--- {process.Node}\n{process.Errors[Math.Max(0, process.Errors.Length - 2000)..]}"));

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_processes.Values.Select(process => process.DisposeAsync().AsTask()));
        await Api.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private async Task<List<string>> Active(CancellationToken cancellation)
    {
        var found = JsonNode.Parse(await _http.GetStringAsync(new Uri("apis/orleanslb.io/v1alpha1/siloclusters", UriKind.Relative), cancellation));
        var rows = found?["items"]?.AsArray().SelectMany(cluster => cluster?["spec"]?["silos"]?.AsArray() ?? []) ?? [];
        return [.. rows.Where(row => row?["status"]?.GetValue<string>() == "Active").Select(row => row!["name"]!.GetValue<string>()).Order()];
    }
}
