using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Nodes;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

public sealed class RouteFlowTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();
    private FakeSpeaker _one = null!;
    private FakeSpeaker _two = null!;

    public async ValueTask InitializeAsync()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Routed(), Given.Peer("tor"));
        _cluster.Record.Put(Given.Node("node1", ("rack", "1")));
        _cluster.Record.Put(Given.Node("node2", ("rack", "2")));
        await _cluster.Start();
        _one = await _cluster.Join("node1");
        _two = await _cluster.Join("node2");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task Every_node_announces_the_route_of_a_service_and_the_service_says_so()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
        await UntilRoutes(_one, "192.0.2.10/32");
        await UntilRoutes(_two, "192.0.2.10/32");
        Assert.Equal(["tor"], _one.Peers.Select(peer => peer.Name));
        Assert.Empty(_one.Announcing);
    }

    [Fact]
    public async Task One_service_more_sends_one_prefix_more()
    {
        _cluster.Record.Put(Given.Service("web/a"));
        await UntilRoutes(_one, "192.0.2.10/32");
        _cluster.Record.Put(Given.Service("web/b"));
        await UntilRoutes(_one, "192.0.2.10/32", "192.0.2.11/32");
        await _cluster.Until(() => _one.Log.Count > 1, "the speaker has noted both changes"); // which it does after it shows them
        Assert.Equal(["+192.0.2.10/32", "+192.0.2.11/32"], _one.Log);
    }

    [Fact]
    public async Task The_trace_of_a_service_goes_on_to_the_nodes_that_announce_its_route()
    {
        using var listener = new System.Diagnostics.ActivityListener
        {
            ShouldListenTo = source =>
                source.Name.StartsWith("OrleansLb.", StringComparison.Ordinal) || source.Name.StartsWith("Microsoft.Orleans.", StringComparison.Ordinal),
            Sample = (ref System.Diagnostics.ActivityCreationOptions<System.Diagnostics.ActivityContext> _) =>
                System.Diagnostics.ActivitySamplingResult.AllDataAndRecorded,
        };
        System.Diagnostics.ActivitySource.AddActivityListener(listener);
        await _cluster.Until(() => _one.Complete && _two.Complete, "both nodes have read the set of routes"); // what they read whole has no trace
        _cluster.Record.Put(Given.Service("web/nginx"));
        await UntilRoutes(_one, "192.0.2.10/32");
        await UntilRoutes(_two, "192.0.2.10/32");
        var traces = new[] { _one, _two }.Select(speaker => speaker.Causes.Select(cause => cause.Split('-')[1]).ToHashSet()).ToList();
        Assert.NotEmpty(traces[0].Intersect(traces[1])); // each change of the API begins one trace
    }

    [Fact]
    public async Task Under_policy_local_only_nodes_with_an_endpoint_announce_and_follow_it_when_it_moves()
    {
        var service = Given.Service("web/local") with { TrafficPolicy = TrafficPolicy.Local, Endpoints = [new(new("node1"), 1)], EndpointsElsewhere = 0 };
        _cluster.Record.Put(service);
        await UntilRoutes(_one, "192.0.2.10/32");
        Assert.Empty(_two.Routes);
        _cluster.Record.Put(service with { Endpoints = [new(new("node2"), 1)] });
        await UntilRoutes(_two, "192.0.2.10/32");
        await UntilRoutes(_one);
    }

    [Fact]
    public async Task Without_an_endpoint_nobody_announces_and_the_reason_is_told()
    {
        _cluster.Record.Put(Given.Service("web/empty") with { EndpointsElsewhere = 0 });
        await _cluster.Until(
            () => _cluster.Record.StatusOf("web/empty")
                ?.Conditions.Any(condition => condition is { Type: ConditionTypes.Announced, Status: false, Reason: nameof(Reason.NoEndpoint) }) == true,
            TimeSpan.FromMilliseconds(50),
            "the condition names the missing endpoint");
        Assert.Empty(_one.Routes);
    }

    [Fact]
    public async Task A_deleted_service_s_route_is_withdrawn()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await UntilRoutes(_one, "192.0.2.10/32");
        _cluster.Record.Delete("web/nginx");
        await UntilRoutes(_one);
        await UntilRoutes(_two);
    }

    [Fact]
    public async Task An_announcement_that_comes_after_the_withdrawal_before_which_it_was_made_is_not_heard()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await UntilRoutes(_one, "192.0.2.10/32");
        var announced = Assert.Single((await _cluster.Grains.Routes().Since(new("node1"), default)).Changed);
        var word = _cluster.Clock.GetUtcNow().ToUnixTimeMilliseconds();
        _cluster.Record.Delete("web/nginx");
        await UntilRoutes(_one);
        Assert.True(await _cluster.Grains.Routes().Put(announced.Service, announced, word) > word);
        Assert.Empty((await _cluster.Grains.Routes().Since(new("node1"), default)).Changed);
    }

    [Fact]
    public async Task A_service_s_word_stands_although_the_clock_by_which_it_spoke_before_was_ahead()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await UntilRoutes(_one, "192.0.2.10/32");
        var announced = Assert.Single((await _cluster.Grains.Routes().Since(new("node1"), default)).Changed);
        Assert.Null(await _cluster.Grains.Routes().Put(announced.Service, announced, _cluster.Clock.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds()));
        _cluster.Record.Delete("web/nginx");
        await UntilRoutes(_one);
    }

    [Fact]
    public async Task A_service_that_is_deleted_after_its_grain_lost_its_memory_leaves_no_route()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
        _cluster.Record.Put(Given.Service("web/later"));
        await _cluster.UntilAnnounced("web/later"); // by then the first has been told of its own status
        await _cluster.Silo.DropActivation(_cluster.Grains.Service(ServiceName.Parse("web/nginx")));
        _cluster.Record.Delete("web/nginx");
        await UntilRoutes(_one, "192.0.2.11/32");
        await UntilRoutes(_two, "192.0.2.11/32");
    }

    [Fact]
    public async Task A_service_that_no_advertisement_selects_any_more_leaves_no_route_although_its_grain_lost_its_memory()
    {
        var selected = Given.Routed() with { ServiceSelectors = [new([new("tier", LabelOperator.In, ["front"])])] };
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), selected, Given.Peer("tor"));
        var service = Given.Service("web/nginx") with { Labels = Labels.Of([KeyValuePair.Create("tier", "front")]) };
        _cluster.Record.Put(service);
        await UntilRoutes(_one, "192.0.2.10/32");
        await _cluster.Until(() => _cluster.Record.Find("web/nginx")!.Held.Count == 1, "the address stands in the status");
        await _cluster.Silo.DropActivation(_cluster.Grains.Service(ServiceName.Parse("web/nginx")));
        _cluster.Record.Put(service with { Labels = Labels.None });
        await UntilRoutes(_one);
    }

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3), InlineData(4)]
    public async Task A_service_that_is_deleted_while_it_is_being_served_leaves_neither_route_nor_claim(int moment)
    {
        for (var round = 0; round < 10; round++)
        {
            var service = $"web/s{round}";
            _cluster.Record.Put(Given.Service(service, $"uid-{round}") with { WantedFinalizer = "orleanslb.io/cleanup" });
            await (moment switch
            {
                0 => Task.CompletedTask,
                1 => _cluster.Until(() => _cluster.Record.Claims.Count > 0, "its address is claimed"),
                2 => _cluster.Until(() => !_one.Routes.IsEmpty, "a node is told of its route"),
                3 => _cluster.Until(() => !_two.Routes.IsEmpty, "the other node is told of its route"),
                _ => _cluster.Until(() => _cluster.Record.StatusOf(service) is not null, "its status is written"),
            });
            _cluster.Record.Delete(service);
            await _cluster.Until(() => _cluster.Record.Claims.Count == 0 && _one.Routes.IsEmpty && _two.Routes.IsEmpty, $"nothing is left of {service}");
        }
    }

    [Fact]
    public async Task A_node_is_excluded_by_its_label_and_another_peer_comes_by_configuration()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await UntilRoutes(_one, "192.0.2.10/32");
        _cluster.Record.Put(Given.Node("node1", ("rack", "1")) with { Excluded = true });
        await UntilRoutes(_one);
        var second = Given.Peer("spine", address: "203.0.113.2") with { NodeSelectors = [new([new("rack", LabelOperator.In, ["2"])])] };
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Routed(), Given.Peer("tor"), second);
        await _cluster.Until(() => _two.Peers.Count == 2, "node2 has both peers");
        Assert.Equal(["tor"], _one.Peers.Select(peer => peer.Name));
        Assert.Equal(["+192.0.2.10/32"], _two.Log);
    }

    [Fact]
    public async Task A_change_of_a_peer_is_no_step_for_nodes_that_it_does_not_select()
    {
        var second = Given.Peer("spine", address: "203.0.113.2") with { NodeSelectors = [new([new("rack", LabelOperator.In, ["2"])])] };
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Routed(), Given.Peer("tor"), second);
        await _cluster.Until(() => _two.Peers.Count == 2 && _one is { Complete: true, Peers.Count: 1 }, "each node has its peers, and all routes");
        var steps = _one.Steps.Count;
        _cluster.Record.Declare(
            Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Routed(), Given.Peer("tor"), second with { HoldTime = TimeSpan.FromSeconds(9) });
        await _cluster.Until(() => _two.Peers.Any(peer => peer.HoldTime is not null), "the node that is selected knows of it");
        _cluster.Record.Put(Given.Service("web/nginx"));
        await UntilRoutes(_one, "192.0.2.10/32");
        Assert.Equal(steps + 1, _one.Steps.Count);
    }

    [Fact]
    public async Task Routes_are_complete_once_all_services_have_told_theirs() =>
        await _cluster.Until(() => _one is { Complete: true, Peers.Count: 1 }, "the plan is complete");

    [Fact]
    public async Task A_node_that_leaves_says_so_and_keeps_its_routes_until_its_speaker_stops()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await UntilRoutes(_one, "192.0.2.10/32");
        await _one.Grain.Leave(_one.Session);
        Assert.True(_one.Leaving);
        Assert.Equal(["192.0.2.10/32"], _one.Routes.Keys);
    }

    [Fact]
    public async Task A_node_that_is_drained_asks_to_be_avoided_then_withdraws_and_closes_its_sessions_and_comes_back_when_it_is_called_off()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await UntilRoutes(_one, "192.0.2.10/32");
        await UntilRoutes(_two, "192.0.2.10/32");
        _cluster.Record.Put(Given.Node("node1", ("rack", "1")) with { Draining = true });
        await _cluster.Until(() => _one is { Leaving: true, ForGood: true }, "routers are asked to avoid the node");
        Assert.Equal(["192.0.2.10/32"], _one.Routes.Keys);
        Assert.False(_two.Leaving);
        _cluster.Advance(new LivenessOptions().GracefulShutdownTime);
        await _cluster.Until(() => _one is { Routes.Count: 0, Peers.Count: 0 }, "the routes are withdrawn and the sessions closed");
        Assert.Equal(["192.0.2.10/32"], _two.Routes.Keys);
        _cluster.Record.Put(Given.Node("node1", ("rack", "1")));
        await _cluster.Until(() => _one is { Leaving: false, ForGood: false, Routes.Count: 1, Peers.Count: 1 }, "the node is back");
    }

    [Fact]
    public async Task A_drain_that_is_called_off_in_time_withdraws_nothing()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await UntilRoutes(_one, "192.0.2.10/32");
        _cluster.Record.Put(Given.Node("node1", ("rack", "1")) with { Draining = true });
        await _cluster.Until(() => _one.Leaving, "routers are asked to avoid the node");
        _cluster.Record.Put(Given.Node("node1", ("rack", "1")));
        await _cluster.Until(() => !_one.Leaving, "the drain is called off");
        _cluster.Advance(new LivenessOptions().GracefulShutdownTime * 2);
        _cluster.Record.Put(Given.Service("web/other"));
        await UntilRoutes(_one, "192.0.2.10/32", "192.0.2.11/32");
        Assert.DoesNotContain("-192.0.2.10/32", _one.Log);
    }

    [Fact]
    public async Task A_node_that_starts_while_it_is_to_be_left_announces_nothing()
    {
        _cluster.Record.Put(Given.Node("node3") with { Draining = true });
        _cluster.Record.Put(Given.Service("web/nginx"));
        await UntilRoutes(_one, "192.0.2.10/32");
        var three = await _cluster.Join("node3");
        _cluster.Record.Put(Given.Node("node3", ("rack", "3")) with { Draining = true });
        _cluster.Record.Put(Given.Service("web/other"));
        await UntilRoutes(_one, "192.0.2.10/32", "192.0.2.11/32");
        Assert.Empty(three.Log);
        _cluster.Record.Put(Given.Node("node3"));
        await UntilRoutes(three, "192.0.2.10/32", "192.0.2.11/32");
    }

    [Fact]
    public async Task A_node_without_network_announces_nothing()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await UntilRoutes(_one, "192.0.2.10/32");
        _cluster.Record.Put(Given.Node("node1", ("rack", "1")) with { NetworkUnavailable = true });
        await UntilRoutes(_one);
        _cluster.Record.Put(Given.Node("node1", ("rack", "1")) with { Ready = false });
        await UntilRoutes(_one, "192.0.2.10/32");
    }

    [Fact]
    public async Task A_set_of_routes_that_was_lost_comes_back_from_the_services()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await UntilRoutes(_one, "192.0.2.10/32");
        await _cluster.Silo.DropActivation(_cluster.Grains.Routes());
        _cluster.Record.Put(Given.Service("web/other"));
        await UntilRoutes(_one, "192.0.2.10/32", "192.0.2.11/32");
        Assert.DoesNotContain("-192.0.2.10/32", _one.Log);
    }

    [Fact]
    public async Task A_route_that_went_while_a_node_s_grain_was_lost_is_withdrawn_and_the_others_stand_meanwhile()
    {
        _cluster.Record.Put(Given.Service("web/goes"));
        await UntilRoutes(_one, "192.0.2.10/32");
        _cluster.Record.Put(Given.Service("web/stays"));
        await UntilRoutes(_one, "192.0.2.10/32", "192.0.2.11/32");
        await Forget(_one, () => _cluster.Record.Delete("web/goes"));
        await UntilRoutes(_one, "192.0.2.11/32");
        await _cluster.Until(() => _one.Complete, "the plan is complete");
        Assert.Equal(["+192.0.2.10/32", "+192.0.2.11/32", "-192.0.2.10/32"], _one.Log);
    }

    [Fact]
    public async Task Of_a_set_that_was_lost_with_a_node_s_grain_nothing_is_withdrawn()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await UntilRoutes(_one, "192.0.2.10/32");
        await _cluster.Silo.DropActivation(_cluster.Grains.Routes());
        await Forget(_one, () => { });
        _cluster.Record.Put(Given.Service("web/other"));
        await UntilRoutes(_one, "192.0.2.10/32", "192.0.2.11/32");
        await _cluster.Until(() => _one.Complete, "the plan is complete");
        Assert.Equal(["+192.0.2.10/32", "+192.0.2.11/32"], _one.Log);
    }

    [Fact]
    public async Task A_speaker_s_last_peer_goes_although_its_node_s_grain_never_knew_of_one()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await UntilRoutes(_one, "192.0.2.10/32");
        await Forget(_one, () => _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Routed()));
        await _cluster.Until(() => _one is { Peers.Count: 0, Routes.Count: 0 }, "the sessions are closed");
    }

    [Fact]
    public async Task A_node_that_is_drained_while_its_grain_is_lost_closes_its_sessions_for_good()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await UntilRoutes(_one, "192.0.2.10/32");
        await Forget(_one, () => _cluster.Record.Put(Given.Node("node1", ("rack", "1")) with { Draining = true }));
        await _cluster.Until(() => _one is { Leaving: true, ForGood: true }, "the speaker knows that its node is to be left");
        // The new grain may have looked at the node before the record's word came: then notice is given.
        _cluster.Advance(new LivenessOptions().GracefulShutdownTime);
        await _cluster.Until(() => _one is { Peers.Count: 0, Routes.Count: 0, ForGood: true }, "the sessions are closed");
    }

    [Fact]
    public async Task A_speaker_that_starts_while_there_are_no_peers_is_told_every_route_once_there_are()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await UntilRoutes(_one, "192.0.2.10/32");
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Routed());
        await _cluster.Until(() => _one.Peers.Count == 0, "the sessions are closed");
        await _one.Kill();
        _one = await _cluster.Join("node1");
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Routed(), Given.Peer("tor"));
        await UntilRoutes(_one, "192.0.2.10/32");
        await _cluster.Until(() => _one is { Complete: true, Peers.Count: 1 }, "the plan is complete");
    }

    [Fact]
    public async Task A_directory_that_cannot_read_the_record_takes_no_peer_from_a_node()
    {
        var selected = Given.Peer("rack1") with { NodeSelectors = [new([new("rack", LabelOperator.In, ["1"])])] };
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Routed(), selected);
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.Until(() => _one.Peers is [{ Name: "rack1" }] && _two.Peers.Count == 0, "the node that is selected has the peer");
        await UntilRoutes(_one, "192.0.2.10/32");
        _cluster.Record.Down = true;
        foreach (var grain in new IGrain[] { _cluster.Grains.Sync(), _cluster.Grains.NodeDirectory() }) await _cluster.Silo.DropActivation(grain);
        var reported = _one.Report(new SpeakerFact.LinksChanged(Given.Links("198.51.100.0/24")));
        await _cluster.Until(() => reported.IsCompleted, TimeSpan.FromSeconds(1), "the directory goes without the record");
        Assert.Null((await _cluster.Grains.NodeDirectory().Find(new("node1")))?.Facts);
        await _one.Grain.Reroute();
        _cluster.Record.Down = false;
        _cluster.Record.Put(Given.Service("web/other"));
        await _cluster.Until(() => _one.Routes.ContainsKey("192.0.2.11/32"), TimeSpan.FromSeconds(1), "the record is read again");
        Assert.DoesNotContain(_one.Log, step => step.StartsWith('-'));
    }

    [Fact]
    public async Task A_session_s_loss_is_an_event_on_its_peer_and_stands_in_the_node_s_status()
    {
        var status = new PeerStatus("tor", null, PeerState.Established, _cluster.Clock.GetUtcNow(), 64501, null, null, null, [], 0, null, null, null, default,
            default, 0, 0);
        await _cluster.Until(() => _one.Peers.Count == 1, "the peer is in the plan");
        await _one.Report(new SpeakerFact.PeerChanged(status));
        await _one.Report(new SpeakerFact.PeerChanged(status with { State = PeerState.Idle, LastError = "Hold Timer Expired" }));
        Assert.Equal(["BgpSessionUp", "BgpSessionDown"],
            _cluster.Record.Events.Where(recorded => recorded.Regarding.Kind == "BGPPeer").Select(recorded => recorded.Reason));
        Assert.Equal(PeerState.Idle, Assert.Single((await _one.Grain.Status()).Peers).State);
    }

    /// <summary>The node's grain loses its memory, then something happens, then its speaker finds that it is not known any more.</summary>
    private async Task Forget(FakeSpeaker speaker, Action meanwhile)
    {
        await _cluster.Silo.DropActivation(speaker.Grain);
        meanwhile();
        Assert.False(await speaker.Heartbeat());
        await speaker.Connect(Given.Links("192.0.2.0/24", "2001:db8::/64"));
    }

    private Task UntilRoutes(FakeSpeaker speaker, params string[] prefixes) =>
        _cluster.Until(() => speaker.Routes.Keys.SequenceEqual(prefixes), $"the routes are {string.Join(", ", prefixes)}");
}
