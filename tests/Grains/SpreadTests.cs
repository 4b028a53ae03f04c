using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

/// <summary>A service whose askers are spread over every candidate.</summary>
public sealed class SpreadTests : IAsyncLifetime
{
    private static readonly Address Vip = Address.Parse("192.0.2.10");
    private readonly TestCluster _cluster = new();

    public async ValueTask InitializeAsync()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Advertisement() with { Style = new(Spread: true) });
        foreach (var node in new[] { "node1", "node2" }) _cluster.Record.Put(Given.Node(node));
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.Start();
        foreach (var node in new[] { "node1", "node2" }) await _cluster.Join(node);
        await _cluster.UntilAnnounced("web/nginx");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private bool AllShare(params string[] nodes) =>
        nodes.All(node => _cluster.Speakers[node].Announcing.TryGetValue(Vip, out var assignment)
            && assignment.Sharers.SequenceEqual(nodes.Select(name => new Core.NodeName(name))));

    [Fact]
    public Task Every_candidate_announces_it_and_knows_the_others() => _cluster.Until(() => AllShare("node1", "node2"), "both share");

    [Fact]
    public async Task A_node_that_joins_gets_its_share()
    {
        _cluster.Record.Put(Given.Node("node3"));
        await _cluster.Join("node3");
        await _cluster.Until(() => AllShare("node1", "node2", "node3"), "all three share");
    }

    [Theory]
    [InlineData("node1")]
    [InlineData("node2")]
    public async Task When_a_node_dies_the_rest_share_without_it(string dead)
    {
        await _cluster.Until(() => AllShare("node1", "node2"), "both share");
        await _cluster.Speakers[dead].Kill();
        await _cluster.Until(() => AllShare(dead == "node1" ? "node2" : "node1"), "the other answers alone");
    }

    [Fact]
    public async Task A_service_that_goes_is_withdrawn_everywhere()
    {
        await _cluster.Until(() => AllShare("node1", "node2"), "both share");
        _cluster.Record.Delete("web/nginx");
        await _cluster.Until(() => _cluster.Speakers.Values.All(speaker => speaker.Announcing.Count == 0), "nobody announces it");
    }
}
