using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>
/// Processes of two cluster ids on one segment and one API, each cluster with Services of a class of its own: neither knows of the
/// other's processes, nor touches what the other serves.
/// </summary>
internal sealed class TwoClusters(ProcessStage stage)
{
    private const int ServicesOfEach = 4;
    private static readonly string[] Ids = ["red", "blue"];

    /// <summary>Longer than any cluster of ours takes to take something over.</summary>
    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(5);

    private readonly ProcessCluster _cluster = stage.Cluster;

    /// <summary>Nodes belong to the clusters in turn.</summary>
    public static string[] OptionsOf(NodeName node) => ["--cluster-id", IdOf(node), "--lb-class", ClassOf(IdOf(node)), "--default-class", "false"];

    public async Task Play(CancellationToken cancellation)
    {
        foreach (var id in Ids) stage.Narrator.Say($"{string.Join(", ", NodesOf(id))} are of the cluster '{id}' and serve the class {ClassOf(id)}");
        foreach (var id in Ids) await _cluster.Members(NodesOf(id), cancellation, id);
        stage.Narrator.Seen("each cluster has its own nodes as members and no others");
        var services = await Serve(cancellation);
        await Kill(Ids[0], services, cancellation);
        await Return(Ids[0], services, cancellation);
    }

    private async Task<Dictionary<Address, string>> Serve(CancellationToken cancellation)
    {
        stage.Narrator.Step($"Creating {ServicesOfEach} Services for each cluster");
        await stage.DeclarePool();
        var names = Ids.SelectMany(id => Enumerable.Range(0, ServicesOfEach).Select(number => (Name: $"{id}{number}", Id: id)))
            .ToDictionary(service => service.Name, service => service.Id);
        await Task.WhenAll(names.Select(service => stage.CreateService(service.Key, spec: $"loadBalancerClass: {ClassOf(service.Value)}")));
        var claims = await Eventually.See("an address for each Service",
            async () => await _cluster.Claims(cancellation) is var found && found.Count == names.Count ? found : null,
            async () => $"{(await _cluster.Claims(cancellation)).Count} of {names.Count}", cancellation);
        var services = claims.ToDictionary(claim => Address.Parse(claim.Key), claim => names[claim.Value]);
        _cluster.Network.Witness.Ask(services.Keys);
        await Expect("each address is answered for by a node of its own cluster", services,
            static (id, answering) => answering.Count == 1 && IdOf(answering[0]) == id, cancellation);
        return services;
    }

    private async Task Kill(string id, Dictionary<Address, string> services, CancellationToken cancellation)
    {
        stage.Narrator.Step($"Killing all processes of the cluster '{id}'");
        foreach (var node in NodesOf(id)) _cluster.Process(node).Kill();
        await Expect($"nobody answers for what '{id}' served", services, (of, answering) => of == id ? answering.Count == 0 : answering.Count == 1,
            cancellation);
        await Task.Delay(Watch, stage.Time, cancellation);
        await Expect("the other cluster serves its own, and nothing of the dead", services,
            (of, answering) => of == id ? answering.Count == 0 : answering.Count == 1 && IdOf(answering[0]) == of, cancellation);
        if (!(await _cluster.Claims(cancellation)).Keys.Order().SequenceEqual(services.Keys.Select(address => address.ToString()).Order()))
            throw new UnexpectedException("the addresses of the dead cluster stay its own", "their claims were taken away");
    }

    private async Task Return(string id, Dictionary<Address, string> services, CancellationToken cancellation)
    {
        stage.Narrator.Step($"Starting the processes of the cluster '{id}' again");
        await Task.WhenAll(NodesOf(id).Select(node => _cluster.StartNode(node, cancellation)));
        await _cluster.Members(NodesOf(id), cancellation, id);
        await Expect("each address is answered for by a node of its own cluster again", services,
            static (of, answering) => answering.Count == 1 && IdOf(answering[0]) == of, cancellation);
    }

    private async Task Expect(string what, Dictionary<Address, string> services, Func<string, IReadOnlyList<NodeName>, bool> isSo,
        CancellationToken cancellation)
    {
        await Eventually.See(
            what,
            () => Task.FromResult(stage.Answering() is var answering && services.All(service => isSo(service.Value, [.. answering[service.Key]]))
                ? this
                : null),
            () => Task.FromResult(string.Join("; ",
                services.Select(service => $"{service.Key} of {service.Value}: {string.Join(" and ", stage.Answering()[service.Key])}"))),
            cancellation);
        stage.Narrator.Seen(what);
    }

    private IEnumerable<NodeName> NodesOf(string id) => _cluster.Nodes.Where(node => IdOf(node) == id);

    private static string IdOf(NodeName node) => Ids[(node.Value[^1] - '0') % Ids.Length];

    private static string ClassOf(string id) => $"example.com/{id}";
}
