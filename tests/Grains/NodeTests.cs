using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Grains.Nodes;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

public sealed class NodeTests : IAsyncLifetime
{
    private static readonly LivenessOptions Liveness = new();

    private readonly TestCluster _cluster = new(services => services.Configure<LivenessOptions>(options => options.Timeout = Liveness.Timeout));

    public async ValueTask InitializeAsync()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.200"), Given.Advertisement());
        await _cluster.Start();
        foreach (var node in new[] { "node1", "node2", "node3" }) await _cluster.Join(node);
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task The_services_of_a_lost_node_go_to_others_and_the_rest_stays()
    {
        var services = await Serve(60);
        var before = services.ToDictionary(service => service, Announcer);
        Assert.All(_cluster.Speakers.Values, speaker => Assert.InRange(speaker.Announcing.Count, 15, 25));

        await _cluster.Speakers["node2"].Kill();
        await _cluster.Until(() => services.TrueForAll(service => Announcer(service) is not null), "every address is announced again");
        Assert.All(services.Where(service => before[service] != "node2"), service => Assert.Equal(before[service], Announcer(service)));
        Assert.InRange(_cluster.Speakers["node1"].Announcing.Count - _cluster.Speakers["node3"].Announcing.Count, -6, 6);
    }

    [Fact]
    public async Task What_a_lost_node_announced_comes_to_each_heir_in_one_step_of_its_plan()
    {
        await Serve(40);
        var lost = _cluster.Speakers["node2"].Announcing.Keys.ToList();
        var heirs = _cluster.Speakers.Where(speaker => speaker.Key != "node2").Select(speaker => speaker.Value).ToList();
        var versions = heirs.ConvertAll(heir => heir.Version);

        await _cluster.Speakers["node2"].Kill();
        await _cluster.Until(() => lost.TrueForAll(address => heirs.Exists(heir => heir.Announcing.ContainsKey(address))), "every address is announced again");

        Assert.Equal(versions.Select(version => version + 1), heirs.Select(heir => heir.Version));
        await _cluster.Until(() => _cluster.Record.Statuses.All(status => status.Conditions.All(condition => condition.Status)),
            "every service knows its announcer");
        Assert.Equal(versions.Select(version => version + 1), heirs.Select(heir => heir.Version)); // and nothing was assigned twice
        Assert.All(heirs, heir => Assert.Equal(heir.Log.Distinct(), heir.Log));
    }

    [Fact]
    public async Task The_services_of_a_lost_node_say_where_they_went_and_why()
    {
        await Serve(8);
        var moved = Enumerable.Range(0, 8).Select(number => $"web/s{number}").First(service => Announcer(service) == "node2");
        await _cluster.Speakers["node2"].Kill();
        await _cluster.Until(() => Announcer(moved) is not null, "another node announces it");
        var heir = Announcer(moved)!;
        await _cluster.Until(() => _cluster.Record.StatusOf(moved)!.Conditions[1].Message.Contains($"node {heir} ", StringComparison.Ordinal),
            "its condition names the node");
        Assert.Matches("node node[13] ranks (first|second) of 2 for its address", _cluster.Record.StatusOf(moved)!.Conditions[1].Message);
    }

    [Fact]
    public async Task A_node_that_falls_silent_is_dead_after_the_timeout_and_no_sooner()
    {
        await Serve(3);
        var silent = _cluster.Speakers["node1"];
        silent.FallSilent();
        var elapsed = await LookUntil(async () => !(await silent.Grain.Status()).Alive, silent);
        Assert.InRange(elapsed, Liveness.Timeout, Liveness.Timeout + Liveness.HeartbeatInterval);
        Assert.False(await silent.Heartbeat());
        await _cluster.Until(() => Enumerable.Range(0, 3).All(i => Announcer($"web/s{i}") is not null), "its addresses are announced by others");
    }

    [Fact]
    public async Task A_node_that_leaves_is_relieved_before_it_falls_silent()
    {
        var services = await Serve(12);
        var leaving = _cluster.Speakers["node1"];
        var held = leaving.Announcing.Keys.ToList();
        Assert.NotEmpty(held);
        foreach (var speaker in _cluster.Speakers.Values.Where(speaker => speaker != leaving)) speaker.Announces = false;

        var left = leaving.Grain.Leave(leaving.Session);
        await _cluster.Until(() => held.TrueForAll(address => _cluster.Speakers.Values.Count(speaker => speaker.Announcing.ContainsKey(address)) == 2),
            "the others have the addresses too");
        Assert.Equal(held, leaving.Announcing.Keys);
        foreach (var speaker in _cluster.Speakers.Values.Where(speaker => speaker != leaving)) await speaker.TellAll();
        await left;
        Assert.Empty(leaving.Announcing);
        Assert.DoesNotContain("node1", services.Select(Announcer));
    }

    [Fact]
    public async Task What_a_leaving_node_announces_comes_to_each_heir_in_one_step_before_it_is_withdrawn()
    {
        await Serve(40);
        var leaving = _cluster.Speakers["node2"];
        var (held, heirs) = (leaving.Announcing.Keys.ToList(), _cluster.Speakers.Values.Where(speaker => speaker != leaving).ToList());
        foreach (var heir in heirs) heir.Announces = false;
        var versions = heirs.ConvertAll(heir => heir.Version);

        var left = leaving.Grain.Leave(leaving.Session);
        await _cluster.Until(() => held.TrueForAll(address => heirs.Exists(heir => heir.Announcing.ContainsKey(address))), "every address has an heir");
        Assert.Equal(versions.Select(version => version + 1), heirs.Select(heir => heir.Version));
        Assert.Equal(held, leaving.Announcing.Keys);
        foreach (var heir in heirs) await heir.TellAll();
        await left;
        Assert.Equal(versions.Select(version => version + 1), heirs.Select(heir => heir.Version)); // and nothing was assigned twice
    }

    [Fact]
    public async Task The_epoch_of_an_address_rises_with_each_hand_over()
    {
        await Serve(1);
        var address = Address.Parse("192.0.2.10");
        var epochs = new List<long>();
        for (var i = 0; i < 2; i++)
        {
            var node = Announcer("web/s0")!;
            epochs.Add(_cluster.Speakers[node].Announcing[address].Epoch);
            await _cluster.Speakers[node].Kill();
            await _cluster.Until(() => Announcer("web/s0") is not null, "another node announces");
        }
        epochs.Add(_cluster.Speakers[Announcer("web/s0")!].Announcing[address].Epoch);
        Assert.True(epochs[0] < epochs[1] && epochs[1] < epochs[2], string.Join(", ", epochs));
    }

    [Fact]
    public async Task A_node_that_returns_takes_nothing_back_before_its_hold_down_and_then_only_what_evens_out_the_load()
    {
        var services = await Serve(30);
        await _cluster.Speakers["node2"].Kill();
        await _cluster.Until(() => services.TrueForAll(service => Announcer(service) is not null), "others took over");
        var settled = services.ToDictionary(service => service, Announcer);
        await _cluster.Join("node2");
        await Pass(TimeSpan.FromSeconds(30));
        Assert.Equal(settled, services.ToDictionary(service => service, Announcer));

        await _cluster.Until(
            () => _cluster.Speakers.Values.All(speaker => speaker.Announcing.Count is >= 6 and <= 13), TimeSpan.FromSeconds(1),
            "the returned node bears its part again");
    }

    [Fact]
    public async Task A_node_whose_readiness_flaps_loses_its_services_once_and_an_event_and_explain_say_until_when_it_is_held_down()
    {
        var services = await Serve(12);
        var directory = _cluster.Grains.NodeDirectory();
        for (var flap = 0; flap < 3; flap++)
        {
            await directory.FactsChanged(Given.Node("node2") with { Ready = false });
            await _cluster.Until(() => _cluster.Speakers["node2"].Announcing.IsEmpty, "its services go to others");
            await directory.FactsChanged(Given.Node("node2"));
            Assert.Equal(flap + 1, (await directory.Find(new("node2")))!.Returns);
        }
        var settled = services.ToDictionary(service => service, Announcer);
        await Pass(TimeSpan.FromMinutes(3.5));
        Assert.Equal(settled, services.ToDictionary(service => service, Announcer));
        var told = _cluster.Record.Events.Where(recorded => recorded.Reason == "NodeFlapping").ToList();
        Assert.Equal(["Kubernetes calls it ready again, and it came back 2 times", "Kubernetes calls it ready again, and it came back 3 times"],
            told.Select(recorded => recorded.Message[..recorded.Message.IndexOf(" within", StringComparison.Ordinal)]));
        await _cluster.Grains.Service(ServiceName.Parse("web/s0")).NodesChanged();
        var explanation = await _cluster.Grains.Status().Explain(ServiceName.Parse("web/s0"));
        Assert.Contains(explanation!.OtherNodes,
            other => other.What == "node node2" && other.Message.Contains("is given nothing that another announces before", StringComparison.Ordinal));

        await _cluster.Until(() => _cluster.Speakers["node2"].Announcing.Count >= 2, TimeSpan.FromSeconds(1), "after its hold-down it bears its part again");
    }

    [Fact]
    public async Task A_node_without_the_subnet_is_no_candidate_and_explain_says_so()
    {
        await _cluster.Speakers["node2"].Report(new SpeakerFact.LinksChanged(Given.Links("198.51.100.0/24")));
        await _cluster.Speakers["node3"].Report(new SpeakerFact.LinksChanged(NodeLinks.None));
        await Serve(4);
        Assert.Equal(4, _cluster.Speakers["node1"].Announcing.Count);
        var explanation = await _cluster.Grains.Status().Explain(ServiceName.Parse("web/s0"));
        Assert.Equal(["node node2", "node node3"], explanation!.RejectedNodes.Select(node => node.What));
        Assert.All(explanation.RejectedNodes, node => Assert.Equal(Reason.NoInterface, node.Reason));
    }

    [Fact]
    public async Task An_address_follows_when_its_node_loses_the_interface()
    {
        await Serve(1);
        var node = Announcer("web/s0")!;
        await _cluster.Speakers[node].Report(new SpeakerFact.LinksChanged(NodeLinks.None));
        await _cluster.Until(() => Others(node).Any(speaker => speaker.Announcing.Count == 1) && _cluster.Speakers[node].Announcing.Count == 0,
            "another node announces");
    }

    [Fact]
    public async Task An_interface_that_comes_back_before_the_heir_has_announced_takes_nothing_back()
    {
        await Serve(1);
        var (former, address) = (_cluster.Speakers[Announcer("web/s0")!], Address.Parse("192.0.2.10"));
        foreach (var other in _cluster.Speakers.Values.Where(speaker => speaker != former)) other.Announces = false;
        await former.LoseLinks();
        await _cluster.Until(() => _cluster.Speakers.Values.Any(speaker => speaker != former && speaker.Announcing.ContainsKey(address)),
            "another node has the address");
        var heir = _cluster.Speakers.Values.Single(speaker => speaker.Announcing.ContainsKey(address));

        await former.RegainLinks(Given.Links("192.0.2.0/24"));
        await former.AskForInterrupted();

        Assert.Empty(former.Announcing);
        await heir.TellAll();
        await _cluster.Until(() => former.Log.Contains($"-{address}"), "the former announcer is told to withdraw");
        Assert.Empty(former.Announcing);
        Assert.Equal([address], heir.Announcing.Keys);
    }

    [Fact]
    public async Task An_interface_that_comes_back_before_anybody_has_acted_is_given_its_addresses_back_under_a_new_epoch()
    {
        await Serve(1);
        var (node, address) = (_cluster.Speakers[Announcer("web/s0")!], Address.Parse("192.0.2.10"));
        var before = node.Announcing[address].Epoch;
        foreach (var other in _cluster.Speakers.Values.Where(speaker => speaker != node)) await other.Kill(); // there is nobody else

        await Task.WhenAll(node.LoseLinks(), node.RegainLinks(Given.Links("192.0.2.0/24")));

        await _cluster.Until(() => node.Announcing.ContainsKey(address), "it announces again");
        Assert.True(node.Announcing[address].Epoch > before);
    }

    [Fact]
    public async Task A_service_without_a_node_is_announced_as_soon_as_one_comes()
    {
        foreach (var speaker in _cluster.Speakers.Values) await speaker.Kill();
        _cluster.Record.Put(Given.Service("web/s0"));
        await _cluster.Until(() => _cluster.Record.StatusOf("web/s0")?.Conditions[1].Reason == "NodeDead", "it has an address and no node");
        await _cluster.Join("node4");
        await _cluster.UntilAnnounced("web/s0");
        Assert.Equal("node4", Announcer("web/s0"));
    }

    [Fact]
    public async Task A_foreign_claim_is_told_once()
    {
        await Serve(1);
        var seen = new SpeakerFact.ConflictSeen(Address.Parse("192.0.2.10"), new(0x0200000000ff), "eth0", _cluster.Clock.GetUtcNow());
        var speaker = _cluster.Speakers[Announcer("web/s0")!];
        await speaker.Report(seen);
        await speaker.Report(seen);
        var told = Assert.Single(_cluster.Record.Events, recorded => recorded.Reason == "AddressConflict");
        Assert.Contains("02:00:00:00:00:ff", told.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_that_takes_no_other_hardware_address_is_told_to_the_service()
    {
        await Serve(1);
        await _cluster.Speakers[Announcer("web/s0")!]
            .Report(new SpeakerFact.VirtualMacRefused(Address.Parse("192.0.2.10"), "eth0", "eth0 is a macvlan interface."));
        var told = Assert.Single(_cluster.Record.Events, recorded => recorded.Reason == nameof(Reason.VirtualMacRefused));
        Assert.Equal(("Service", "eth0 is a macvlan interface."), (told.Regarding.Kind, told.Message));
    }

    private async Task<List<string>> Serve(int count)
    {
        var services = Enumerable.Range(0, count).Select(i => $"web/s{i}").ToList();
        foreach (var service in services) _cluster.Record.Put(Given.Service(service));
        foreach (var service in services) await _cluster.UntilAnnounced(service);
        return services;
    }

    private string? Announcer(string service) => _cluster.AddressOf(service) is { } address ? _cluster.AnnouncerOf(address) : null;

    private IEnumerable<FakeSpeaker> Others(string node) => _cluster.Speakers.Where(speaker => speaker.Key != node).Select(speaker => speaker.Value);

    /// <summary>
    /// Lets time pass one heartbeat at a time, in which everyone but the silent one is heard. Time stands until each
    /// grain has looked, and has passed its verdict.
    /// </summary>
    private async Task<TimeSpan> LookUntil(Func<Task<bool>> condition, FakeSpeaker? silent)
    {
        var elapsed = TimeSpan.Zero;
        while (!await condition())
        {
            Assert.True(elapsed < TimeSpan.FromSeconds(5), "It never came to pass.");
            _cluster.Advance(Liveness.HeartbeatInterval);
            elapsed += Liveness.HeartbeatInterval;
            await Task.WhenAll(_cluster.Speakers.Values.Where(speaker => speaker != silent).Select(speaker => speaker.Heartbeat()));
            await _cluster.Clock.Settled();
        }
        return elapsed;
    }

    private async Task Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromSeconds(1))
        {
            _cluster.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAll(_cluster.Speakers.Values.Select(speaker => speaker.Heartbeat()));
            await _cluster.Grains.NodeDirectory().Current();
        }
    }

    [Fact]
    public async Task What_a_node_that_was_given_up_still_announces_is_not_taken_on_its_word()
    {
        await Serve(1);
        var frozen = _cluster.Speakers.Values.Single(speaker => speaker.Announcing.Count > 0);
        await frozen.Grain.Lost(frozen.Session);
        await _cluster.Until(() => _cluster.Speakers.Values.Any(speaker => speaker != frozen && speaker.Announcing.Count > 0), "another node has taken over");
        Assert.False(await frozen.Heartbeat());
        for (var attempt = 0; attempt < 2; attempt++) // a session may break before its plan has come
        {
            var plan = await frozen.Grain.Connect(_cluster.Silo.Grains.CreateObjectReference<OrleansLb.Grains.Nodes.IPlanObserver>(frozen), $"woken-{attempt}",
                [.. frozen.Announcing.Values]);
            Assert.Empty(plan.Announce);
        }
    }
}
