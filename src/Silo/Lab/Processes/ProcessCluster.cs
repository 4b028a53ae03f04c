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

    /// <summary>In characters: so much of a log is told when something did not come out.</summary>
    private const int LongestLog = 20_000;

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<NodeName, NodeProcess> _processes = [];
    private readonly HttpClient _http;
    private readonly Func<NodeName, string[]> _options;
    private readonly string? _logs;

    private ProcessCluster(NamespaceNetwork network, ControlApi api, Func<NodeName, string[]> options, string? logs)
    {
        (Network, Api, _options, _logs) = (network, api, options, logs);
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

    /// <param name="http">Where the lab itself and its spectators reach the API.</param>
    /// <param name="options">What a node's process is told besides the usual.</param>
    /// <param name="logs">The folder in which all that a node's processes log is kept, a file for each node; null: it is not.</param>
    public static async Task<ProcessCluster> Start(NamespaceNetwork network, IPEndPoint http, Func<NodeName, string[]> options, CancellationToken cancellation,
        string? logs = null)
    {
        var scope = await network.AddControl(cancellation);
        var api = await ControlApi.Start(scope, new(LabPlan.Control.Addresses[0].ToIPAddress(), ApiPort), http, cancellation);
        var cluster = new ProcessCluster(network, api, options, logs);
        try
        {
            foreach (var node in cluster.Nodes) await api.Apply($$"""{apiVersion: v1, kind: Node, metadata: {name: "{{node}}"}, status: {conditions: [{type: Ready, status: "True"}] } }""");
            await Task.WhenAll(cluster.Nodes.Select(node => cluster.StartNode(node, cancellation)));
            await cluster.Members(cluster.Nodes, cancellation);
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
        if (former is not null) await End(former);
        var machine = Network.Plan.Nodes.Single(known => known.Name == node.Value);
        string[] arguments = ["--kubeconfig", Kubeconfig, "--cluster", "kubernetes", "--silo-address", machine.Addresses[0].ToString(), "--log-level",
            "information", .. _options(node)];
        var process = await NodeProcess.Start(node, Network.NamespaceOf(node.Value), arguments, cancellation);
        lock (_processes) _processes[node] = process;
    }

    /// <summary>Takes away, or gives back, the paths between the node and the other nodes; the segment and the API stay.</summary>
    public Task CutOff(NodeName node, bool isCut, CancellationToken cancellation) => IpCommand.Batch(
        Network.NamespaceOf(node.Value),
        Network.Plan.Nodes.Where(other => other.Name != node.Value).Select(other => $"route {(isCut ? "add" : "delete")} blackhole {other.Addresses[0]}/32"),
        cancellation);

    /// <summary>Waits until the nodes, and no others, are active members.</summary>
    /// <param name="id">Of which cluster; null for all that there are.</param>
    public Task Members(IEnumerable<NodeName> nodes, CancellationToken cancellation, string? id = null)
    {
        var wanted = nodes.Select(node => node.Value).Order().ToList();
        return Eventually.See($"{string.Join(", ", wanted)} are the members",
            async () => (await Active(id, cancellation)).SequenceEqual(wanted) ? wanted : null,
            async () => $"{string.Join(", ", await Active(id, cancellation))}{Logs()}", cancellation);
    }

    public async Task DeleteService(string name, CancellationToken cancellation)
    {
        using var answer = await _http.DeleteAsync(new Uri($"api/v1/namespaces/default/services/{name}", UriKind.Relative), cancellation);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>The address and the holder of each claim.</summary>
    public async Task<IReadOnlyDictionary<string, string>> Claims(CancellationToken cancellation) =>
        (await Items("apis/orleanslb.io/v1alpha1/addressclaims", cancellation))
        .ToDictionary(claim => claim["spec"]!["address"]!.GetValue<string>(),
            claim => string.Join(',', claim["spec"]!["holders"]!.AsArray().Select(holder => holder!["name"]!.GetValue<string>())));

    /// <summary>The end of what the node's process has logged, the last of them that it had.</summary>
    public string LogOf(NodeName node)
    {
        lock (_processes)
            return _processes.GetValueOrDefault(node)?.Errors is { } log ? log[Math.Max(0, log.Length - LongestLog)..] : "";
    }

    /// <summary>The objects of a kind that the API has, one to a line.</summary>
    public async Task<string> Describe(string path)
    {
        var objects = (await Items(path, CancellationToken.None)).ToList();
        foreach (var each in objects) each["metadata"]?.AsObject().Remove("managedFields");
        return string.Join('\n', objects.Select(each => each.ToJsonString()).Prepend($"{objects.Count}"));
    }

    private string Logs() => string.Concat(Nodes.Select(node => $"\n--- {node}\n{LogOf(node)}"));

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_processes.Values.Select(End));
        await Api.DisposeAsync();
        _http.Dispose();
        _folder.Dispose();
    }

    private async Task End(NodeProcess process)
    {
        await process.DisposeAsync();
        if (_logs is not null) await File.AppendAllTextAsync(Path.Combine(Directory.CreateDirectory(_logs).FullName, $"{process.Node}.log"), process.Errors);
    }

    private async Task<List<string>> Active(string? id, CancellationToken cancellation)
    {
        var clusters = (await Items("apis/orleanslb.io/v1alpha1/siloclusters", cancellation))
            .Where(cluster => id is null || cluster["spec"]?["clusterId"]?.GetValue<string>() == id);
        var rows = clusters.SelectMany(cluster => cluster["spec"]?["silos"]?.AsArray() ?? []);
        return [.. rows.Where(row => row?["status"]?.GetValue<string>() == "Active").Select(row => row!["name"]!.GetValue<string>()).Order()];
    }

    private async Task<IEnumerable<JsonNode>> Items(string path, CancellationToken cancellation) =>
        JsonNode.Parse(await _http.GetStringAsync(new Uri(path, UriKind.Relative), cancellation))?["items"]?.AsArray().OfType<JsonNode>() ?? [];
}
