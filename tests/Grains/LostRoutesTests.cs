using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

/// <summary>The shared set of routes dies with a silo, and other grains with it: nodes withdraw nothing that is still to be announced.</summary>
public sealed class LostRoutesTests : IAsyncLifetime
{
    private static readonly string[] Both = ["192.0.2.10/32", "192.0.2.11/32"];

    private readonly TestCluster _cluster;
    private LateServices? _feed;
    private FakeSpeaker _speaker = null!;

    public LostRoutesTests() => _cluster = new(services =>
    {
        var record = (IClusterFeed)services.Single(service => service.ServiceType == typeof(IClusterFeed)).ImplementationInstance!;
        services.AddSingleton<IClusterFeed>(_feed = new(record));
    });

    public async ValueTask InitializeAsync()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Routed(), Given.Peer("tor"));
        _cluster.Record.Put(Given.Node("node1"));
        await _cluster.Start();
        _speaker = await _cluster.Join("node1");
        foreach (var service in new[] { "web/a", "web/b" })
        {
            _cluster.Record.Put(Given.Service(service));
            await _cluster.UntilAnnounced(service);
        }
        await _cluster.Until(() => _speaker.Complete && _speaker.Routes.Keys.SequenceEqual(Both), "both routes are announced, and that is all");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Services_that_died_with_it_are_served_anew_before_anything_is_withdrawn()
    {
        await Lose(Service("web/a"), _cluster.Grains.Routes());

        await ExpectBothStand();
    }

    [Fact]
    public async Task Services_that_outlived_it_and_the_reader_of_the_record_tell_it_their_part_again()
    {
        _feed!.Hold();
        await Lose(_cluster.Grains.Sync(), _cluster.Grains.Routes());
        await _cluster.Grains.Routes().Begin(); // it finds no service that it could ask
        _feed.LetThrough();

        await ExpectBothStand();
    }

    [Fact]
    public async Task Of_all_that_is_lost_with_it_nothing_is_withdrawn()
    {
        await Lose(Service("web/a"), _cluster.Grains.Sync(), _cluster.Grains.Routes(), _cluster.Grains.ServiceIndex(), _cluster.Grains.NodeDirectory());
        await _cluster.Grains.Sync().Start();

        await ExpectBothStand();
    }

    /// <summary>A route that only the new set can have told of shows that the node reads it.</summary>
    private async Task ExpectBothStand()
    {
        _cluster.Record.Put(Given.Service("web/c"));
        await _cluster.Until(() => _speaker.Routes.ContainsKey("192.0.2.12/32"), "the new set's routes are read");
        await _cluster.Until(() => _speaker.Complete, "the set is complete again");
        Assert.Equal([.. Both, "192.0.2.12/32"], _speaker.Routes.Keys);
        Assert.DoesNotContain(_speaker.Log, step => step.StartsWith('-'));
        _cluster.Record.Delete("web/a");
        await _cluster.Until(() => !_speaker.Routes.ContainsKey(Both[0]), "a deleted service's route goes");
        Assert.Equal(["192.0.2.11/32", "192.0.2.12/32"], _speaker.Routes.Keys);
    }

    private async Task Lose(params IGrain[] grains)
    {
        foreach (var grain in grains) await _cluster.Silo.DropActivation(grain);
    }

    private Services.IServiceGrain Service(string name) => _cluster.Grains.Service(ServiceName.Parse(name));
}
