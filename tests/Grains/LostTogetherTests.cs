using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Client;
using OrleansLb.Core;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Nodes;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

/// <summary>The oldest silo dies, and with it all grains that a cluster has one of; services whose grains were elsewhere live on.</summary>
public sealed class LostTogetherTests : IAsyncLifetime
{
    private const string Web = "web/nginx";
    private readonly TestCluster _cluster;
    private LateServices? _feed;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public LostTogetherTests() => _cluster = new(services =>
    {
        var record = (IClusterFeed)services.Single(service => service.ServiceType == typeof(IClusterFeed)).ImplementationInstance!;
        services.AddSingleton<IClusterFeed>(_feed = new(record));
    });

    public async ValueTask InitializeAsync()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Advertisement());
        foreach (var node in new[] { "node1", "node2" }) _cluster.Record.Put(Given.Node(node));
        await _cluster.Start();
        await _cluster.Join("node1");
        await _cluster.Join("node2");
        _cluster.Record.Put(Given.Service(Web));
        await _cluster.UntilAnnounced(Web);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_service_that_its_dead_node_alone_knew_of_goes_to_another_although_the_services_are_read_late()
    {
        var dead = _cluster.AnnouncerOf("192.0.2.10")!;
        _feed!.Hold();
        _cluster.Speakers[dead].FallSilent();
        foreach (var grain in new IGrain[] { _cluster.Grains.Sync(), _cluster.Grains.NodeDirectory(), _cluster.Grains.ServiceIndex(),
            _cluster.Grains.Node(new(dead)) })
        {
            await _cluster.Silo.DropActivation(grain);
        }
        await _cluster.Grains.Sync().Start();
        await _cluster.Grains.Node(new(dead)).Lost("");
        await _cluster.Grains.NodeDirectory().Forget(ServiceName.Parse("web/other")); // answers once the directory knows how all nodes stand
        _feed!.LetThrough();
        await _cluster.Until(() => _cluster.AnnouncerOf("192.0.2.10") is { } heir && heir != dead, "the other node announces");
    }

    [Fact]
    public async Task Who_follows_the_services_is_told_of_none_that_it_is_gone_while_they_are_not_read_again()
    {
        await using var changes = _cluster.Grains.FollowServices(_cluster.Clock, Stop).GetAsyncEnumerator(Stop);
        Assert.True(await changes.MoveNextAsync());
        var observer = new Deaf();
        var reference = _cluster.Grains.CreateObjectReference<IServiceObserver>(observer);
        _feed!.Hold();
        var web = _cluster.Grains.Service(ServiceName.Parse(Web));
        foreach (var grain in new IGrain[] { _cluster.Grains.Sync(), _cluster.Grains.ServiceIndex(), web }) await _cluster.Silo.DropActivation(grain);
        await _cluster.Grains.Sync().Start();

        var grant = await _cluster.Grains.ServiceDirectory().Follow(reference, null);
        Assert.True(grant.IsPartial);
        _cluster.Advance(grant.Lease);
        var next = changes.MoveNextAsync().AsTask();
        Assert.True((await _cluster.Grains.ServiceDirectory().Follow(reference, null)).IsPartial);
        _feed.LetThrough();
        _cluster.Record.Put(Given.Service("web/other"));
        await _cluster.Until(() => next.IsCompleted, TimeSpan.FromSeconds(1), "a change is told");
        Assert.NotNull(changes.Current.State);
        do grant = await _cluster.Grains.ServiceDirectory().Follow(reference, null);
        while (grant.IsPartial);
        Assert.Contains(Web, grant.All!.Value.Select(state => state.Service.ToString()));
        GC.KeepAlive(observer);
    }

    private sealed class Deaf : IServiceObserver
    {
        public Task Changed(ServiceNews news) => Task.CompletedTask;
    }
}
