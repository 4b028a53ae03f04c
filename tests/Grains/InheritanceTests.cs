using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Election;
using OrleansLb.Grains.Nodes;
using OrleansLb.Grains.Tests.Harness;
using Microsoft.Extensions.DependencyInjection;

namespace OrleansLb.Grains.Tests;

/// <summary>A node takes over from a lost one what it was told to ahead of the loss, and asks nobody.</summary>
public sealed class InheritanceTests : IAsyncLifetime
{
    private const string Web = "web/nginx";
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);
    private static readonly string[] Nodes = ["node1", "node2", "node3"];

    /// <summary>Nodes die when told to.</summary>
    private readonly TestCluster _cluster = new();

    public async ValueTask InitializeAsync()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.40"), Given.Advertisement());
        foreach (var node in Nodes) _cluster.Record.Put(Given.Node(node));
        await _cluster.Start();
        foreach (var node in Nodes) await _cluster.Join(node);
        _cluster.Record.Put(Given.Service(Web));
        await _cluster.UntilAnnounced(Web);
        await TestamentsAreDrawn();
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    private string Address => _cluster.AddressOf(Web)!;

    private string Announcer => _cluster.AnnouncerOf(Address) ?? "nobody";

    private List<string> Announcers() =>
        [.. _cluster.Speakers.Where(speaker => speaker.Value.Announcing.ContainsKey(Core.Addressing.Address.Parse(Address))).Select(speaker => speaker.Key)];

    /// <summary>Time passes until every change has come to rest and all were told.</summary>
    private async Task TestamentsAreDrawn()
    {
        var until = _cluster.Clock.GetUtcNow() + (new ElectionOptions().TestamentRest * 10);
        await _cluster.Until(() => _cluster.Clock.GetUtcNow() >= until, Tick, "time passes");
    }

    private Task Inherit(string from) => Task.WhenAll(Nodes.Where(node => node != from).Select(node => _cluster.Grains.Node(new(node)).Inherit(new(from))));

    [Fact]
    public async Task One_and_only_one_takes_over_and_the_service_follows()
    {
        var dead = Announcer;
        _cluster.Speakers[dead].FallSilent();
        await Inherit(dead);
        await _cluster.Until(() => _cluster.AnnouncerOf(Address) is not null, "somebody announces");
        var heir = Announcer;
        var epoch = _cluster.Speakers[heir].Announcing.Values.Single().Epoch;

        await _cluster.Grains.Node(new(dead)).Lost(_cluster.Speakers[dead].Session);
        await TestamentsAreDrawn();

        Assert.Equal(heir, Announcer);
        Assert.Equal(epoch, _cluster.Speakers[heir].Announcing.Values.Single().Epoch); // told once, under one epoch
        Assert.Equal(heir, (await _cluster.Grains.Service(ServiceName.Parse(Web)).Status())?.Announcer?.Value);
    }

    [Fact]
    public async Task Nothing_is_asked_of_a_directory_that_died_with_the_node()
    {
        var dead = Announcer;
        _cluster.Speakers[dead].FallSilent();
        var inheriting = Inherit(dead);
        await _cluster.Silo.DropActivation(_cluster.Grains.NodeDirectory());
        await inheriting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
        await _cluster.Grains.Node(new(dead)).Lost(_cluster.Speakers[dead].Session);
        await _cluster.Until(() => Announcers().Any(node => node != dead), Tick, "somebody announces");
        await TestamentsAreDrawn();
        await _cluster.Until(() => Announcers() is [var node] && node != dead, Tick, "one announces still");
    }

    [Fact]
    public async Task A_node_that_was_taken_for_lost_and_lives_gives_way()
    {
        var before = Announcer;
        await Inherit(before);
        await TestamentsAreDrawn();
        Assert.NotEqual(before, Announcer); // by itself a failure when two announce
    }

    [Fact]
    public async Task What_a_node_is_not_to_have_any_more_it_does_not_take()
    {
        var first = Announcer;
        var other = Nodes.First(node => node != first);
        await _cluster.Grains.Service(ServiceName.Parse(Web)).Move(new(other));
        await _cluster.Until(() => Announcers().SequenceEqual([other]), Tick, "it is moved"); // for a moment both announce
        await TestamentsAreDrawn();
        await Inherit(first);
        Assert.Equal(other, Announcer);
    }

    [Fact]
    public async Task The_word_of_an_older_directory_does_not_count()
    {
        var dead = Announcer;
        foreach (var node in Nodes) await _cluster.Grains.Node(new(node)).Bequeath(1, []);
        await Inherit(dead);
        await _cluster.Until(() => _cluster.Speakers.Where(speaker => speaker.Key != dead)
            .Any(speaker => speaker.Value.Announcing.ContainsKey(Core.Addressing.Address.Parse(Address))), Tick, "the heir announces");
        await TestamentsAreDrawn();
        Assert.NotEqual(dead, Announcer);
    }
}
