using OrleansLb.Grains.Nodes;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

/// <summary>Calls that never arrive, which only the local build can be asked for.</summary>
public sealed class LostWordTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();
    private FakeSpeaker _one = null!;
    private FakeSpeaker _two = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Routed(), Given.Peer("tor"));
        _cluster.Record.Put(Given.Node("node1"));
        _cluster.Record.Put(Given.Node("node2"));
        await _cluster.Start();
        (_one, _two) = (await _cluster.Join("node1"), await _cluster.Join("node2"));
        await _cluster.Until(() => _one.Complete && _two.Complete, "both nodes have read the set of routes");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_node_that_could_not_be_told_of_news_is_told_again()
    {
        var fault = _cluster.Silo.Faults.Fail(Reroutes, new TimeoutException("It never came."));
        _cluster.Record.Put(Given.Service("web/nginx"));

        await _cluster.Until(() => _one.Routes.Count + _two.Routes.Count == 2, TimeSpan.FromMilliseconds(50), "both nodes announce the route");

        Assert.True(fault.Struck.IsCompleted);
    }

    [Fact]
    public async Task A_node_that_does_not_answer_keeps_no_other_from_later_news()
    {
        var fault = _cluster.Silo.Faults.Lose(Reroutes);
        _cluster.Record.Put(Given.Service("web/a"));
        await fault.Struck;
        await _cluster.Until(() => _one.Routes.Count + _two.Routes.Count == 1, "the other node announces the route");

        _cluster.Record.Put(Given.Service("web/b"));

        await _cluster.Until(() => _one.Routes.Count + _two.Routes.Count == 2, "it announces the next as well");
    }

    private static bool Reroutes(LocalGrains.GrainCall call) => call is { Interface: nameof(INodeGrain), Method: nameof(INodeGrain.Reroute) };
}
