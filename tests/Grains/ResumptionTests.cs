using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Election;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Nodes;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

/// <summary>What stood before everything, or all that is single in the cluster, began anew is announced at once, whoever was served sooner.</summary>
public sealed class ResumptionTests : IAsyncLifetime
{
    /// <summary>Longer than a test lets pass by the way: elections wait for all nodes. Shorter than what was taken over is spared.</summary>
    private static readonly TimeSpan RecoveryTimeout = TimeSpan.FromSeconds(20);

    private readonly TestCluster _cluster;
    private LateServices _feed = null!;

    public ResumptionTests() => _cluster = new(services =>
    {
        var record = (IClusterFeed)services.Single(service => service.ServiceType == typeof(IClusterFeed)).ImplementationInstance!;
        services.AddSingleton<IClusterFeed>(_feed = new(record));
        services.Configure<ElectionOptions>(options => options.RecoveryTimeout = RecoveryTimeout);
    });

    public ValueTask InitializeAsync()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.0/24"), Given.Advertisement());
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task What_stood_is_announced_in_one_step_and_the_services_take_that_up()
    {
        var names = StandMany();
        await _cluster.Silo.Start();
        var speaker = await _cluster.Join("node1");
        await _cluster.Grains.Sync().Start();
        foreach (var name in names) await _cluster.UntilAnnounced(name);
        Assert.Contains(100, speaker.Steps);
        Assert.Equal(100, speaker.Log.Count);
        Assert.Equal(100, speaker.Announcing.Count);
        var explained = await _cluster.Grains.Service(ServiceName.Parse("web/s7")).Explain();
        Assert.Equal("node1", explained?.Summary.Announcer?.Value);
    }

    [Fact]
    public async Task One_that_was_served_sooner_keeps_no_other_from_being_announced_in_that_step()
    {
        var names = StandMany();
        _feed.Hold();
        await _cluster.Silo.Start();
        var speaker = await _cluster.Join("node1");
        await _cluster.Grains.Sync().Start();
        var early = ServiceName.Parse("web/s7");
        await _cluster.Grains.Service(early).Restore(_cluster.Record.Find("web/s7")!, new(await _cluster.Grains.Sync().ClaimsOf(early), Unserved: true));
        await _cluster.UntilAnnounced("web/s7");
        _feed.LetThrough();
        foreach (var name in names) await _cluster.UntilAnnounced(name);
        Assert.Contains(99, speaker.Steps);
        Assert.Equal(100, speaker.Log.Count);
    }

    [Fact]
    public async Task A_directory_that_recovers_wakes_no_service_before_its_turn()
    {
        Stand("web/stays", "192.0.2.0");
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.0-192.0.2.1"), Given.Advertisement());
        foreach (var number in Enumerable.Range(0, 5)) _cluster.Record.Put(Given.Service($"web/a{number}"));
        _cluster.Record.Put(Given.Service("web/moved-here") with { Held = [Address.Parse("198.51.100.1")] });
        foreach (var node in new[] { "node1", "absent" }) _cluster.Record.Put(Given.Node(node));
        _feed.Hold();
        _cluster.Statuses.Down = true; // so that it asks whom to elect for again and again
        await _cluster.Silo.Start();
        await _cluster.Join("node1");
        await _cluster.Grains.Sync().Start();
        _feed.LetThrough();
        await _cluster.Grains.Sync().FindService(ServiceName.Parse("web/stays"));
        foreach (var _ in Enumerable.Range(0, 3))
        {
            _cluster.Advance(new ElectionOptions().RetryDelay);
            await _cluster.Grains.NodeDirectory().Current();
        }
        _cluster.Statuses.Down = false;
        await _cluster.Until(() => _cluster.Record.Claims.Count == 2, RecoveryTimeout / 20, "another address is given");
        Assert.Equal(["stays", "moved-here"], _cluster.Record.Claims.Select(claim => Assert.Single(claim.Holders).Service.Name));
    }

    [Fact]
    public async Task Who_stood_and_wants_no_address_any_more_is_not_announced_in_the_end()
    {
        Stand("web/stays", "192.0.2.10");
        Stand("web/moves", "192.0.2.11", service => service with { Addresses = [Address.Parse("192.0.2.20")] });
        Stand("web/goes", "192.0.2.12", service => service with { Wanted = false });
        await _cluster.Silo.Start();
        var speaker = await _cluster.Join("node1");
        await _cluster.Grains.Sync().Start();
        await _cluster.UntilAnnounced("web/stays");
        await _cluster.Until(() => _cluster.AddressOf("web/moves") == "192.0.2.20", "the other address is given");
        await _cluster.Until(() => speaker.Announcing.Keys.Select(address => address.ToString()).SequenceEqual(["192.0.2.10", "192.0.2.20"]),
            "nothing is announced but what is held");
        await _cluster.Until(() => _cluster.Record.Claims.Count == 2, "what nobody wants is free");
    }

    /// <summary>The silo dies that had all grains of which a cluster has one; with them some services' grains, or none.</summary>
    [Theory, InlineData(0), InlineData(4), InlineData(9)]
    public async Task What_living_nodes_announce_is_not_touched_when_those_who_decide_lose_their_memory(int many)
    {
        var names = await Serve(9);
        var forgotten = names.Take(many).Select(ServiceName.Parse).ToHashSet();
        var before = _cluster.Speakers.ToDictionary(speaker => speaker.Key, speaker => speaker.Value.Announcing);
        await LoseTheSingle(forgotten);
        await _cluster.Grains.Sync().Start();
        await UntilAllAreTold();
        foreach (var name in names) // asked so that whoever lost its memory last of all is told again
            Assert.NotNull((await _cluster.Grains.Service(ServiceName.Parse(name)).Explain())?.Summary.Announcer);
        foreach (var (name, speaker) in _cluster.Speakers)
        {
            Assert.Equal(before[name].Keys, speaker.Announcing.Keys);
            foreach (var (address, had) in before[name])
            {
                if (!forgotten.Contains(had.Service)) Assert.Equal(had, speaker.Announcing[address]);
                else Assert.True(speaker.Announcing[address].Epoch >= had.Epoch); // without a memory it may announce once more, where it was
            }
            Assert.DoesNotContain(speaker.Log, entry => entry[0] == '-');
        }
    }

    /// <summary>Its node's grain died too, and the speaker comes back only when others have been given what it announces.</summary>
    [Fact]
    public async Task What_goes_to_another_because_its_node_is_late_is_announced_by_one_in_the_end_under_a_later_epoch()
    {
        var names = await Serve(9);
        var late = _cluster.AnnouncerOf("192.0.2.0")!;
        var before = _cluster.Speakers[late].Announcing;
        await LoseTheSingle(names.Take(4).Select(ServiceName.Parse));
        await _cluster.Silo.DropActivation(_cluster.Grains.Node(new(late)));
        await _cluster.Grains.Sync().Start();
        var other = _cluster.Speakers.Values.Single(speaker => speaker != _cluster.Speakers[late]);
        await _cluster.Until(() => other.Announcing.Count == 9, RecoveryTimeout / 20, "the other node has been given all");
        await _cluster.Speakers[late].Connect(Given.Links("192.0.2.0/24"));
        await _cluster.Until(() => _cluster.Speakers[late].Announcing.Count == 0, RecoveryTimeout / 20, "the late node has withdrawn");
        Assert.Equal(9, other.Announcing.Count);
        Assert.All(before, had => Assert.True(other.Announcing[had.Key].Epoch > had.Value.Epoch));
        Assert.Equal(names.Count, _cluster.Record.Claims.Count);
    }

    /// <summary>Of ten thousand services the last is served long after its node was told to announce it.</summary>
    [Fact]
    public async Task A_node_keeps_for_a_while_what_it_was_told_to_announce_on_behalf_of_a_service_that_does_not_know()
    {
        await Serve(2);
        var (from, to) = _cluster.AnnouncerOf("192.0.2.0") == "node1" ? ("node1", "node2") : ("node2", "node1");
        var known = _cluster.Speakers[from].Announcing[Address.Parse("192.0.2.0")];
        var told = _cluster.Clock.GetUtcNow();
        await _cluster.Grains.Node(new(to)).TakeOver([known with { Epoch = known.Epoch + 1 }], null);
        await _cluster.Until(() => _cluster.Speakers[to].Announcing.Count == 2, "it announces");
        await _cluster.Grains.Node(new(to)).Refresh(); // compares what it has with what services know, a little later
        await _cluster.Until(() => _cluster.Speakers[to].Announcing.Count == 1, TimeSpan.FromSeconds(1), "it withdraws what its service does not know at last");
        Assert.True(_cluster.Clock.GetUtcNow() - told >= new LivenessOptions().CompareInterval);
        Assert.Equal(from, _cluster.AnnouncerOf("192.0.2.0"));
    }

    private async Task<List<string>> Serve(int many)
    {
        foreach (var node in new[] { "node1", "node2" }) _cluster.Record.Put(Given.Node(node));
        await _cluster.Start();
        foreach (var node in new[] { "node1", "node2" }) await _cluster.Join(node);
        var names = Enumerable.Range(0, many).Select(number => $"web/s{number}").ToList();
        foreach (var name in names)
        {
            _cluster.Record.Put(Given.Service(name));
            await _cluster.UntilAnnounced(name);
        }
        Assert.All(_cluster.Speakers.Values, speaker => Assert.NotEmpty(speaker.Announcing));
        return names;
    }

    private async Task LoseTheSingle(IEnumerable<ServiceName> services)
    {
        IGrain[] single = [_cluster.Grains.Sync(), _cluster.Grains.NodeDirectory(), _cluster.Grains.ServiceIndex()];
        foreach (var grain in single.Concat(services.Select(_cluster.Grains.Service))) await _cluster.Silo.DropActivation(grain);
    }

    private Task UntilAllAreTold()
    {
        var asked = _cluster.Grains.Sync().Status();
        return _cluster.Until(() =>
        {
            if (!asked.IsCompleted) return false;
            var status = asked.GetAwaiter().GetResult();
            asked = _cluster.Grains.Sync().Status();
            return status.Complete;
        }, TimeSpan.FromMilliseconds(100), "all services have been told");
    }

    private List<string> StandMany()
    {
        _cluster.Record.Put(Given.Node("node1")); // whom the record knows the directory waits for
        var names = Enumerable.Range(0, 100).Select(number => $"web/s{number}").ToList();
        foreach (var (name, number) in names.Select((name, number) => (name, number))) Stand(name, $"192.0.2.{100 + number}");
        return names;
    }

    private void Stand(string name, string address, Func<ServiceRequest, ServiceRequest>? change = null)
    {
        var service = Given.Service(name) with { Held = [Address.Parse(address)] };
        _cluster.Record.Put(new AddressClaim(Address.Parse(address), new("front"), [new(service.Service, service.Uid)]));
        _cluster.Record.Put(change?.Invoke(service) ?? service);
    }
}
