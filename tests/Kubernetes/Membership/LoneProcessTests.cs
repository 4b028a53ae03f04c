using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Leases;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Membership;

namespace OrleansLb.Kubernetes.Tests.Membership;

/// <summary>Processes that each serve a cluster alone, and what they find of each other.</summary>
public sealed class LoneProcessTests : IAsyncLifetime
{
    private readonly ManualTime _time = new();
    private Cluster _cluster = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _cluster = await Cluster.Start();

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task One_that_is_alone_finds_nobody()
    {
        var only = Process("node1");
        foreach (var _ in Enumerable.Range(0, 3)) Assert.Empty(await only.Look(Cancellation));
    }

    [Fact]
    public async Task Two_find_each_other_at_their_second_look_and_forget_who_writes_no_more()
    {
        var (one, two) = (Process("node1"), Process("node2"));
        Assert.Empty(await one.Look(Cancellation));
        Assert.Empty(await two.Look(Cancellation));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["the process of node node2"], await one.Look(Cancellation));
        Assert.Equal(["the process of node node1"], await two.Look(Cancellation));
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(["the process of node node2"], await one.Look(Cancellation));
        _time.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(["the process of node node2"], await one.Look(Cancellation));
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Empty(await one.Look(Cancellation));
    }

    [Fact]
    public async Task Two_of_one_node_find_each_other()
    {
        var (one, two) = (Process("node1"), Process("node1"));
        await one.Look(Cancellation);
        await two.Look(Cancellation);
        Assert.Equal(["the process of node node1"], await one.Look(Cancellation));
        Assert.Equal(["the process of node node1"], await two.Look(Cancellation));
    }

    [Fact]
    public async Task What_it_left_behind_when_it_was_killed_is_nobody()
    {
        await Process("node1").Look(Cancellation);
        var restarted = Process("node1");
        foreach (var _ in Enumerable.Range(0, 3)) Assert.Empty(await restarted.Look(Cancellation));
    }

    [Fact]
    public async Task A_silo_that_says_that_it_lives_is_found_and_a_dead_one_is_not()
    {
        await _cluster.Apply("{apiVersion: v1, kind: Namespace, metadata: {name: orleanslb-system} }");
        var silos = new SiloTableStore(_cluster.Client, new("orleanslb-system", "orleanslb", "default"), _time);
        await silos.Beat("192.0.2.1:8481@1", _time.GetUtcNow(), Cancellation);
        await silos.Beat("192.0.2.2:8481@1", _time.GetUtcNow(), Cancellation);
        var process = Process("node1");
        Assert.Empty(await process.Look(Cancellation));
        await silos.Beat("192.0.2.2:8481@1", _time.GetUtcNow().AddSeconds(5), Cancellation);
        Assert.Equal(["silo 192.0.2.2:8481@1"], await process.Look(Cancellation));
    }

    [Fact]
    public async Task Those_of_another_cluster_are_strangers()
    {
        var (one, two) = (Process("node1"), Process("node2", "other"));
        foreach (var _ in Enumerable.Range(0, 3))
        {
            Assert.Empty(await one.Look(Cancellation));
            Assert.Empty(await two.Look(Cancellation));
        }
    }

    [Fact]
    public async Task One_that_leaves_takes_its_own_sign_away_and_no_other()
    {
        var (one, two) = (Process("node1"), Process("node1"));
        await one.Look(Cancellation);
        await two.Look(Cancellation);
        await one.Leave(Cancellation);
        Assert.Single(await Leases());
        await two.Leave(Cancellation);
        Assert.Empty(await Leases());
        await two.Leave(Cancellation);
    }

    [Fact]
    public async Task A_namespace_that_is_not_there_is_named()
    {
        var process = new LoneProcess(_cluster.Client, new("nowhere", "orleanslb", "default"), "node1", _time);
        var fault = await Assert.ThrowsAsync<RecordUnavailableException>(() => process.Look(Cancellation));
        Assert.Contains("no namespace nowhere", fault.Message, StringComparison.Ordinal);
    }

    private async Task<List<LeaseObject>> Leases() => (await _cluster.Client.List(LeaseObject.Type, new ListQuery(), Cancellation)).Items ?? [];

    private LoneProcess Process(string node, string cluster = "default") => new(_cluster.Client, new("default", "orleanslb", cluster), node, _time);
}
