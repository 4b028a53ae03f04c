namespace OrleansLb.Lab.Tests.Orleans;

/// <summary>Several processes that are one service.</summary>
public sealed class SiloClusterTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Processes_form_a_cluster_and_each_service_has_one_announcer()
    {
        await using var cluster = await SiloCluster.Start(Stop, "node1", "node2", "node3");
        foreach (var name in (string[])["a", "b", "c"]) await cluster.CreateService(name);
        foreach (var name in (string[])["a", "b", "c"]) await cluster.Announced(name, _ => true, Stop);

        var status = await cluster.Alive(["node1", "node2", "node3"], Stop);
        Assert.Equal(3, status.Services.SelectMany(service => service.Addresses).Distinct().Count());
        Assert.All(status.Services, service => Assert.Contains(service.Announcer, cluster.Nodes));
        var rows =
            (await cluster.Kubectl("get silocluster default.orleanslb -o jsonpath={range.spec.silos[*]}{.name}={.status},{end}", Stop)).Succeeded().Output;
        Assert.Equal(["node1=Active", "node2=Active", "node3=Active"], rows.Split(',').Where(row => row.EndsWith("=Active", StringComparison.Ordinal)).Order());
    }

    [Fact]
    public async Task When_a_process_is_killed_others_take_over_all_that_it_had()
    {
        string[] nodes = ["node1", "node2", "node3"];
        await using var cluster = await SiloCluster.Start(Stop, nodes);
        await cluster.CreateService("a");
        foreach (var _ in nodes[..2])
        {
            var before = await cluster.Announced("a", _ => true, Stop);
            await cluster.Kill(before.Announcer!);
            var after = await cluster.Announced("a", node => node != before.Announcer, Stop);
            Assert.Equal(before.Addresses, after.Addresses);
        }
    }

    [Fact]
    public async Task A_process_that_stops_hands_over_and_leaves_the_cluster()
    {
        await using var cluster = await SiloCluster.Start(Stop, "node1", "node2");
        await cluster.CreateService("a");
        var before = await cluster.Announced("a", _ => true, Stop);
        Assert.Equal(0, await cluster.Stop(before.Announcer!, Stop));
        await cluster.Announced("a", node => node != before.Announcer, Stop);
        var row = (await cluster.Kubectl($"get silocluster default.orleanslb -o jsonpath={{.spec.silos[?(@.name==\"{before.Announcer}\")].status}}", Stop))
            .Succeeded().Output;
        Assert.Contains(row, (string[])["Dead", ""]);
    }

    [Fact]
    public async Task A_node_that_comes_back_is_one_of_them_again()
    {
        await using var cluster = await SiloCluster.Start(Stop, "node1", "node2");
        await cluster.Kill("node2");
        await cluster.Alive(["node1"], Stop);
        await cluster.StartNode("node2", Stop);
        await cluster.Alive(["node1", "node2"], Stop);
    }

    [Fact]
    public async Task A_frozen_process_loses_what_it_had_and_starts_anew_when_it_wakes()
    {
        await using var cluster = await SiloCluster.Start(Stop, "node1", "node2", "node3");
        await cluster.CreateService("a");
        var frozen = (await cluster.Announced("a", _ => true, Stop)).Announcer!;
        await cluster.Signal(frozen, "STOP", Stop);
        var taken = await cluster.Announced("a", node => node != frozen, Stop);
        await cluster.Signal(frozen, "CONT", Stop);
        Assert.Contains("starting anew", await cluster.Node(frozen).NextLine(Stop), StringComparison.Ordinal);
        Assert.StartsWith($"orleanslb serves node {frozen}: {cluster.Node(frozen).Address}", await cluster.Node(frozen).NextLine(Stop),
            StringComparison.Ordinal);
        await cluster.Alive(["node1", "node2", "node3"], Stop);
        Assert.Equal(taken.Addresses, (await cluster.Announced("a", _ => true, Stop)).Addresses);
    }

    [Fact]
    public async Task Processes_of_two_cluster_ids_do_not_see_each_other()
    {
        await using var cluster = await SiloCluster.Start(Stop, "node1");
        await cluster.StartNode("node2", Stop, "--cluster-id", "Other_One");
        var rows =
            (await cluster.Kubectl("get siloclusters -o jsonpath={range.items[*]}{.spec.clusterId}:{.spec.silos[*].name},{end}", Stop)).Succeeded().Output;
        // a silo that started anew is there twice
        var names = rows.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(row => row.Split(':', ' ').Distinct());
        Assert.Equal(["Other_One node2", "default node1"], names.Select(row => string.Join(' ', row)).Order(StringComparer.Ordinal));
    }
}
