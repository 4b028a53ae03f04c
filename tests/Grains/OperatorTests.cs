using OrleansLb.Client;
using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

public sealed class OperatorTests : IAsyncLifetime
{
    private static readonly ServiceName Web = new("web", "nginx");
    private readonly TestCluster _cluster = new();

    public async ValueTask InitializeAsync()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.99"), Given.Advertisement());
        foreach (var node in new[] { "node1", "node2", "node3" }) _cluster.Record.Put(Given.Node(node));
        await _cluster.Start();
        foreach (var node in new[] { "node1", "node2", "node3" }) await _cluster.Join(node);
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_service_is_moved_without_a_gap()
    {
        var from = _cluster.AnnouncerOf("192.0.2.10")!;
        var to = Other(from);
        _cluster.Speakers[to].Announces = false;
        var moving = _cluster.Grains.Operator().Move(Web, new(to));
        await _cluster.Until(() => Announces(to), "the new one announces");
        Assert.True(Announces(from)); // until it is told that the new one has
        await _cluster.Speakers[to].TellAll();
        var moved = await moving;
        Assert.True(moved.Moved, moved.Message);
        Assert.Equal(from, moved.From?.Value);
        await _cluster.Until(() => !Announces(from), "the old one has withdrawn");
        Assert.Equal($"an operator moved it to node {to}.", (await _cluster.Grains.Service(Web).Explain())!.Summary.AnnouncerMessage);
    }

    [Fact]
    public async Task What_a_node_announces_stays_there_although_its_service_the_index_and_the_directory_lose_their_memory_together()
    {
        var to = Other(_cluster.AnnouncerOf("192.0.2.10")!);
        Assert.True((await _cluster.Grains.Operator().Move(Web, new(to))).Moved); // where no election would put it
        await _cluster.Until(() => _cluster.Speakers.Values.Count(speaker => speaker.Announcing.Count > 0) == 1, "one announces");
        // the directory last: a new one that asked the services before this one is lost would ask no more
        foreach (var grain in new IGrain[] { _cluster.Grains.Service(Web), _cluster.Grains.ServiceIndex(), _cluster.Grains.NodeDirectory() })
            await _cluster.Silo.DropActivation(grain);
        await _cluster.Until(() => Remembered().Result?.Announcer is not null, TimeSpan.FromMilliseconds(10), "the service knows its announcer again");
        Assert.Equal(to, _cluster.AnnouncerOf("192.0.2.10"));
        Assert.Equal(to, (await _cluster.Grains.Service(Web).Status())!.Announcer?.Value);
    }

    [Fact]
    public async Task Of_two_nodes_that_announce_an_address_the_one_that_its_service_does_not_know_of_withdraws_when_it_hears_the_other()
    {
        var from = _cluster.AnnouncerOf("192.0.2.10")!;
        var stale = Other(from);
        var assignment = _cluster.Speakers[from].Announcing.Values.Single();
        await _cluster.Grains.Node(new(stale)).Assign(assignment with { Epoch = 1 }, null); // as by a service that has lost its memory since
        await _cluster.Until(() => Announces(stale), "two announce");
        await _cluster.Speakers[stale]
            .Report(new SpeakerFact.ConflictSeen(assignment.Address, Given.Links("192.0.2.0/24").Links[0].Mac, "eth0", _cluster.Clock.GetUtcNow()));
        await _cluster.Until(() => !Announces(stale), "one withdraws");
        Assert.True(Announces(from));
    }

    [Fact]
    public async Task A_moved_service_stays_where_the_load_would_take_it_away_and_goes_on_when_its_node_dies()
    {
        foreach (var i in Enumerable.Range(0, 9)) _cluster.Record.Put(Given.Service($"web/s{i}"));
        foreach (var i in Enumerable.Range(0, 9)) await _cluster.UntilAnnounced($"web/s{i}");
        foreach (var i in Enumerable.Range(0, 9)) Assert.True((await _cluster.Grains.Operator().Move(new("web", $"s{i}"), new("node2"))).Moved);
        await _cluster.Until(() => _cluster.Speakers["node2"].Announcing.Count >= 9, "all are there");
        var hour = _cluster.Clock.GetUtcNow().AddHours(1);
        await _cluster.Until(() => _cluster.Clock.GetUtcNow() >= hour, TimeSpan.FromMinutes(1), "time passes");
        Assert.True(_cluster.Speakers["node2"].Announcing.Count >= 9);
        await _cluster.Speakers["node2"].Kill();
        await _cluster.Until(() => _cluster.Speakers["node1"].Announcing.Count + _cluster.Speakers["node3"].Announcing.Count == 10, "the others take over");
    }

    [Fact]
    public async Task Services_that_share_an_address_move_together()
    {
        _cluster.Record.Put(Given.Service("web/a") with { SharingKey = "k", Ports = [new(Core.Services.Transport.Tcp, 81)] });
        await _cluster.UntilAnnounced("web/a");
        _cluster.Record.Put(Given.Service("web/b") with { SharingKey = "k", BackendKey = "app=web/a", Ports = [new(Core.Services.Transport.Tcp, 82)] });
        await _cluster.UntilAnnounced("web/b");
        var address = _cluster.AddressOf("web/a")!;
        Assert.Equal(address, _cluster.AddressOf("web/b"));
        var to = Other(_cluster.AnnouncerOf(address)!);
        Assert.True((await _cluster.Grains.Operator().Move(new("web", "b"), new(to))).Moved);
        await _cluster.Until(() => _cluster.Speakers.Where(speaker => speaker.Value.Announcing.ContainsKey(Core.Addressing.Address.Parse(address)))
            .Select(speaker => speaker.Key).SequenceEqual([to]), "only the new node announces");
        foreach (var service in new[] { "a", "b" })
        {
            await _cluster.Grains.Service(new("web", service)).NodesChanged();
            Assert.Equal(to, (await _cluster.Grains.Service(new("web", service)).Status())!.Announcer?.Value);
        }
    }

    [Theory]
    [InlineData("web/nginx", "node9", "there is no node node9.")]
    [InlineData("web/none", "node1", "service web/none is not served here: there is none of that name, or it is not ours.")]
    public async Task A_move_that_cannot_be_is_refused_with_the_reason(string service, string to, string reason)
    {
        var announcer = _cluster.AnnouncerOf("192.0.2.10");
        var refused = await _cluster.Grains.Operator().Move(ServiceName.Parse(service), new(to));
        Assert.Equal((false, reason), (refused.Moved, refused.Message));
        Assert.Equal(announcer, _cluster.AnnouncerOf("192.0.2.10"));
    }

    [Fact]
    public async Task A_drained_node_hands_over_everything_gets_nothing_and_is_used_again_when_it_is_undrained()
    {
        foreach (var i in Enumerable.Range(0, 8)) _cluster.Record.Put(Given.Service($"web/s{i}"));
        foreach (var i in Enumerable.Range(0, 8)) await _cluster.UntilAnnounced($"web/s{i}");
        var drained = await _cluster.Grains.Operator().Drain(new("node1"));
        Assert.Equal((NodeMark.Written, 0), (drained.Mark, drained.Left.Count));
        await _cluster.Until(() => _cluster.Speakers["node1"].Announcing.Count == 0, "the node is left");
        foreach (var i in Enumerable.Range(8, 8)) _cluster.Record.Put(Given.Service($"web/s{i}"));
        foreach (var i in Enumerable.Range(8, 8)) await _cluster.UntilAnnounced($"web/s{i}");
        Assert.Empty(_cluster.Speakers["node1"].Announcing);

        Assert.Equal(NodeMark.Written, (await _cluster.Grains.Operator().Undrain(new("node1"))).Mark);
        await _cluster.Until(() => _cluster.Speakers["node1"].Announcing.Count > 0, TimeSpan.FromSeconds(1), "the node is used again");
    }

    [Fact]
    public async Task A_drain_outlives_the_memory_of_all_grains()
    {
        await _cluster.Grains.Operator().Drain(new("node1"));
        await _cluster.Silo.DropAllActivations();
        await _cluster.Start();
        foreach (var speaker in _cluster.Speakers.Values) await speaker.Connect(Given.Links("192.0.2.0/24"));
        foreach (var i in Enumerable.Range(0, 8)) _cluster.Record.Put(Given.Service($"web/s{i}"));
        foreach (var i in Enumerable.Range(0, 8)) await _cluster.UntilAnnounced($"web/s{i}");
        Assert.Empty(_cluster.Speakers["node1"].Announcing);
    }

    [Fact]
    public async Task What_no_other_node_may_announce_stays_on_a_drained_node()
    {
        var from = _cluster.AnnouncerOf("192.0.2.10")!;
        foreach (var (name, speaker) in _cluster.Speakers) if (name != from) await speaker.Kill();
        var draining = _cluster.Grains.Operator().Drain(new(from));
        await _cluster.Until(() => draining.IsCompleted, TimeSpan.FromSeconds(1), "the drain is given up");
        Assert.Equal([Web], (await draining).Left);
        Assert.True(Announces(from));
    }

    [Fact]
    public async Task A_node_that_the_record_lacks_cannot_be_drained() =>
        Assert.Equal(NodeMark.NoSuchNode, (await _cluster.Grains.Operator().Drain(new("node9"))).Mark);

    private static string Other(string node) => node == "node1" ? "node2" : "node1";

    private bool Announces(string node) => _cluster.Speakers[node].Announcing.ContainsKey(Core.Addressing.Address.Parse("192.0.2.10"));

    /// <summary>Asked as the nodes are heard from: no call to the directory, no new directory.</summary>
    private async Task<ServiceSummary?> Remembered()
    {
        await _cluster.Grains.NodeDirectory().Current();
        return await _cluster.Grains.Service(Web).Status();
    }
}
