using OrleansLb.Silo.Lab;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Lab.Tests.Orleans;

/// <summary>A whole cluster whose processes talk only to their own: by certificates, or by a secret.</summary>
public sealed class GuardedClusterTests
{
    private static readonly string[] Nodes = ["node1", "node2"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Under_mutual_TLS_certificates_and_their_authority_change_without_a_restart()
    {
        using var certificates = new SiloCertificates();
        await using var cluster = await SiloCluster.Start(Stop);
        foreach (var node in Nodes) await cluster.StartNode(node, Stop, "--silo-tls", certificates.Write(node, "old", "old"));
        await cluster.CreateService("a");
        await cluster.Announced("a", _ => true, Stop);

        foreach (var node in Nodes) certificates.Write(node, "old", "old", "new"); // both are trusted first
        foreach (var node in Nodes) certificates.Write(node, "new", "old", "new");
        foreach (var node in Nodes) certificates.Write(node, "new", "new");
        await cluster.StartNode("node3", Stop, "--silo-tls", certificates.Write("node3", "new", "new"));

        await cluster.Alive([.. Nodes, "node3"], Stop);
        Assert.DoesNotContain("was refused", string.Concat(cluster.Nodes.Select(node => cluster.Node(node).Errors)), StringComparison.Ordinal);
        await cluster.Announced("a", _ => true, Stop);
    }

    [Fact]
    public async Task Who_shows_a_certificate_of_another_authority_or_none_does_not_get_in()
    {
        using var certificates = new SiloCertificates();
        await using var cluster = await SiloCluster.Start(Stop);
        await cluster.StartNode("node1", Stop, "--silo-tls", certificates.Write("node1", "ours", "ours"));
        await using var stranger = await cluster.Begin("stranger", "--silo-tls", certificates.Write("stranger", "theirs", "ours"));
        await using var bare = await cluster.Begin("bare");
        await Refused(cluster, 2);
        await Told(cluster, "its certificate 'CN=stranger' is of no authority in ca.crt.");
        await cluster.Alive(["node1"], Stop);
        Assert.Equal("node1", await ActiveRows(cluster));
        Assert.Matches("orleanslb_gateway_connections_refused_total{[^}]*} [1-9]", await cluster.Metrics("node1", Stop));
    }

    [Fact]
    public async Task A_certificate_that_has_expired_keeps_its_node_out_until_it_is_renewed()
    {
        using var certificates = new SiloCertificates();
        await using var cluster = await SiloCluster.Start(Stop);
        await cluster.StartNode("node1", Stop, "--silo-tls", certificates.Write("node1", "ours", "ours"));
        await using var late = await cluster.Begin("late", "--silo-tls", certificates.WriteExpired("late", "ours"));
        await Told(cluster, "its certificate 'CN=late' or one above it is not valid now");
        certificates.Write("late", "ours", "ours");
        await cluster.Alive(["node1", "late"], Stop);
    }

    [Fact]
    public async Task Under_a_secret_it_is_changed_without_a_restart_and_who_does_not_know_it_does_not_get_in()
    {
        using var folder = new TemporaryFolder();
        await using var cluster = await SiloCluster.Start(Stop);
        foreach (var node in Nodes) await cluster.StartNode(node, Stop, "--silo-secret", Secret(folder, node, "the first secret of all"));
        await cluster.CreateService("a");
        await cluster.Announced("a", _ => true, Stop);

        foreach (var node in Nodes) Secret(folder, node, "the first secret of all\nthe second secret of all");
        foreach (var node in Nodes) Secret(folder, node, "the second secret of all\nthe first secret of all");
        foreach (var node in Nodes) Secret(folder, node, "the second secret of all");
        await cluster.StartNode("node3", Stop, "--silo-secret", Secret(folder, "node3", "the second secret of all"));
        await cluster.Alive([.. Nodes, "node3"], Stop);

        await using var late = await cluster.Begin("late", "--silo-secret", Secret(folder, "late", "the first secret of all"));
        await Refused(cluster, 1);
        await Told(cluster, "it does not know the secret. All processes of a cluster need a secret in common (--silo-secret)");
        await Eventually.See("the late one says whom it does not reach, and why that may be",
            () => Task.FromResult(late.Errors.Contains("do all have the same --silo-secret", StringComparison.Ordinal) ? late : null),
            () => Task.FromResult(late.Errors), Stop);
        Assert.InRange(late.Errors.Split('\n').Length, 2, 40); // and that not at each try
        Assert.Equal("node1 node2 node3", await ActiveRows(cluster));
        await cluster.Announced("a", _ => true, Stop);
    }

    /// <summary>Waits until members have refused so many others.</summary>
    private static Task<SiloCluster> Refused(SiloCluster cluster, int peers) =>
        See(cluster, $"{peers} refused", log => log.Split("was refused").Length > peers);

    /// <summary>Waits until a member has logged this.</summary>
    private static Task<SiloCluster> Told(SiloCluster cluster, string why) => See(cluster, why, log => log.Contains(why, StringComparison.Ordinal));

    private static Task<SiloCluster> See(SiloCluster cluster, string expected, Predicate<string> isSeen)
    {
        string Log() => string.Concat(cluster.Nodes.Select(node => cluster.Node(node).Errors));
        return Eventually.See(expected, () => Task.FromResult(isSeen(Log()) ? cluster : null), () => Task.FromResult(Log()), Stop);
    }

    private static async Task<string> ActiveRows(SiloCluster cluster)
    {
        var rows = (await cluster.Kubectl("get silocluster default.orleanslb -o jsonpath={range.spec.silos[?(@.status==\"Active\")]}{.name},{end}", Stop))
            .Succeeded().Output;
        return string.Join(' ', rows.Split(',', StringSplitOptions.RemoveEmptyEntries).Order());
    }

    private static string Secret(TemporaryFolder folder, string node, string text)
    {
        var path = Path.Combine(folder.Path, node);
        File.WriteAllText($"{path}.new", text);
        File.Move($"{path}.new", path, overwrite: true);
        return path;
    }
}
