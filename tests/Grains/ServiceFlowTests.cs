using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

public sealed class ServiceFlowTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();

    public async ValueTask InitializeAsync()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Advertisement());
        await _cluster.Start();
        await _cluster.Join("node1");
        await _cluster.Join("node2");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task A_service_gets_the_first_address_and_a_node_announces_it()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");

        Assert.Equal("192.0.2.10", _cluster.AddressOf("web/nginx"));
        Assert.NotNull(_cluster.AnnouncerOf("192.0.2.10"));
        var claim = Assert.Single(_cluster.Record.Claims);
        Assert.Equal(("web/nginx", "front"), (claim.Holders[0].Service.ToString(), claim.Pool.Value));
        var told = Assert.Single(_cluster.Record.Events);
        Assert.Equal(("Announced", "192.0.2.10 of pool front; node node1 ranks first of 2 for its address."), (told.Reason, told.Message));
    }

    /// <summary>Others who know nothing of these grains serve the same Services, as after a split of the cluster.</summary>
    [Fact]
    public async Task An_address_that_others_had_the_service_show_first_is_kept_and_the_own_one_let_go()
    {
        _cluster.Record.Outstrip(Theirs);
        _cluster.Record.Put(Given.Service("web/nginx"));
        await UntilItShowsTheirs();
    }

    [Fact]
    public async Task So_it_is_when_that_is_known_before_anything_was_written()
    {
        _cluster.Speakers["node1"].Announces = false;
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.Until(() => _cluster.AnnouncerOf("192.0.2.10") is not null, "it is about to be announced");
        _cluster.Record.Show(Theirs);
        await UntilItShowsTheirs();
    }

    private static AddressClaim Theirs => new(Address.Parse("192.0.2.17"), new("front"), [new(ServiceName.Parse("web/nginx"), "uid-web/nginx")]);

    private async Task UntilItShowsTheirs()
    {
        await _cluster.Until(() => _cluster.AddressOf("web/nginx") == "192.0.2.17" && _cluster.Record.Claims.Count == 1, TimeSpan.FromMilliseconds(10),
            "it shows the address that it showed first, and holds no other");
        Assert.Equal(Address.Parse("192.0.2.17"), _cluster.Record.Claims[0].Address);
        await _cluster.Until(() => _cluster.AnnouncerOf("192.0.2.10") is null, "its speaker, which nobody waits for, has let go of the own one too");
    }

    [Fact]
    public async Task A_service_costs_one_claim_and_one_status()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
        await _cluster.Grains.Service(ServiceName.Parse("web/nginx")).Observe(_cluster.Record.Find("web/nginx")!);
        Assert.Equal(2, _cluster.Record.Writes);
    }

    [Fact]
    public async Task Endpoints_that_come_soon_after_their_service_cost_no_second_status_and_no_other_event()
    {
        _cluster.Record.Put(Given.Service("web/nginx") with { EndpointsElsewhere = 0 });
        await _cluster.Until(() => _cluster.Record.Claims.Count == 1, "it has its address");
        _cluster.Record.Put(_cluster.Record.Find("web/nginx")! with { EndpointsElsewhere = 1 });
        await _cluster.UntilAnnounced("web/nginx");
        Assert.Equal(2, _cluster.Record.Writes);
        Assert.Equal(["Announced"], _cluster.Record.Events.Select(recorded => recorded.Reason));
    }

    [Fact]
    public async Task A_service_that_stays_without_endpoints_shows_its_address_soon_and_says_later_what_it_lacks()
    {
        _cluster.Record.Put(Given.Service("web/nginx") with { EndpointsElsewhere = 0 });
        var began = _cluster.Clock.GetUtcNow();
        await _cluster.Until(() => _cluster.Record.Claims.Count == 1, "it has its address");
        await _cluster.Until(() => _cluster.AddressOf("web/nginx") is not null, TimeSpan.FromMilliseconds(50), "it shows its address");
        Assert.InRange(_cluster.Clock.GetUtcNow() - began, TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));
        Assert.Equal(["AddressAssigned"], _cluster.Record.Events.Select(recorded => recorded.Reason));
        await _cluster.Until(() => _cluster.Record.Events.Any(recorded => recorded.Reason == "NoEndpoint"), TimeSpan.FromSeconds(1), "it says what it lacks");
    }

    [Fact]
    public async Task A_new_service_whose_slice_is_not_made_yet_is_announced_and_told_of_once()
    {
        _cluster.Record.Put(Given.Service("web/nginx") with { EndpointsElsewhere = 0, EndpointsAwaited = true });
        await _cluster.UntilAnnounced("web/nginx");
        var announcer = _cluster.AnnouncerOf("192.0.2.10");
        _cluster.Record.Put(_cluster.Record.Find("web/nginx")! with { EndpointsAwaited = false, Endpoints = [new(new("node1"), 1)] });
        _cluster.Record.Put(Given.Service("web/later"));
        await _cluster.UntilAnnounced("web/later");
        await _cluster.Grains.Service(ServiceName.Parse("web/nginx")).Observe(_cluster.Record.Find("web/nginx")!);
        Assert.Equal((announcer, 4), (_cluster.AnnouncerOf("192.0.2.10"), _cluster.Record.Writes));
        Assert.Equal(["Announced", "Announced"], _cluster.Record.Events.Select(recorded => recorded.Reason).Order());
    }

    [Fact]
    public async Task A_new_service_whose_slice_is_empty_or_is_never_made_is_announced_no_more()
    {
        _cluster.Record.Put(Given.Service("web/empty") with { EndpointsElsewhere = 0, EndpointsAwaited = true });
        _cluster.Record.Put(Given.Service("web/never") with { EndpointsElsewhere = 0, EndpointsAwaited = true });
        await _cluster.UntilAnnounced("web/empty");
        await _cluster.UntilAnnounced("web/never");
        var began = _cluster.Clock.GetUtcNow();
        _cluster.Record.Put(_cluster.Record.Find("web/empty")! with { EndpointsAwaited = false });
        await _cluster.Until(() => Lacks("web/empty"), "a slice without endpoints ends it at once");
        Assert.False(Lacks("web/never"));
        await _cluster.Until(() => Lacks("web/never"), TimeSpan.FromSeconds(1), "and so does the end of patience");
        Assert.True(_cluster.Clock.GetUtcNow() - began > TimeSpan.FromSeconds(20));
        await _cluster.Until(() => new[] { "web/empty", "web/never" }.All(service => _cluster.AnnouncerOf(_cluster.AddressOf(service)!) is null),
            "nobody announces");
    }

    [Fact]
    public async Task A_service_that_shows_an_address_is_not_announced_while_it_has_no_slice()
    {
        _cluster.Record.Put(Given.Service("web/nginx") with { EndpointsElsewhere = 0, EndpointsAwaited = true, Held = [Address.Parse("192.0.2.10")] });
        await _cluster.Until(() => Lacks("web/nginx"), TimeSpan.FromMilliseconds(50), "it is told so");
        Assert.Null(_cluster.AnnouncerOf("192.0.2.10"));
    }

    [Fact]
    public async Task Under_policy_local_a_slice_is_waited_for()
    {
        _cluster.Record.Put(Given.Service("web/nginx") with { EndpointsElsewhere = 0, EndpointsAwaited = true, TrafficPolicy = TrafficPolicy.Local });
        await _cluster.Until(() => Lacks("web/nginx"), TimeSpan.FromMilliseconds(50), "it is told so");
        Assert.Null(_cluster.AnnouncerOf("192.0.2.10"));
    }

    private bool Lacks(string service) => _cluster.Record.StatusOf(service)?.Conditions
        .Any(condition => condition is { Type: ConditionTypes.Announced, Status: false, Reason: nameof(Reason.NoEndpoint) }) == true;

    [Fact]
    public async Task A_deleted_service_is_withdrawn_and_its_claim_goes()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
        _cluster.Record.Delete("web/nginx");
        await _cluster.Until(() => _cluster.Record.Claims.Count == 0, "the claim is deleted");
        await _cluster.Until(() => _cluster.AnnouncerOf("192.0.2.10") is null, "nobody announces");
    }

    [Fact]
    public async Task A_finalizer_that_somebody_takes_off_is_put_back()
    {
        _cluster.Record.Put(Given.Service("web/nginx") with { WantedFinalizer = "orleanslb.io/cleanup" });
        await _cluster.UntilAnnounced("web/nginx");
        _cluster.Record.TakeFinalizer("web/nginx");
        await _cluster.Until(() => _cluster.Record.Find("web/nginx")!.Finalizer is not null, "it is back");
        _cluster.Record.Put(Given.Service("web/nginx") with { Wanted = false });
        await _cluster.Until(() => _cluster.Record.Find("web/nginx") is { Held.Count: 0, Finalizer: null }, "and goes with the rest");
    }

    [Fact]
    public async Task A_service_that_is_no_load_balancer_any_more_loses_its_status_and_finalizer()
    {
        _cluster.Record.Put(Given.Service("web/nginx") with { WantedFinalizer = "orleanslb.io/cleanup" });
        await _cluster.UntilAnnounced("web/nginx");
        Assert.Equal("orleanslb.io/cleanup", _cluster.Record.Find("web/nginx")!.Finalizer);
        _cluster.Record.Put(Given.Service("web/nginx") with { Wanted = false });
        await _cluster.Until(() => _cluster.Record.Find("web/nginx") is { Held.Count: 0, Finalizer: null }, "status and finalizer are cleared");
        Assert.Empty(_cluster.Record.Claims);
    }

    [Fact]
    public async Task A_missing_pool_leaves_the_service_pending_with_the_pools_that_exist_until_it_is_mended()
    {
        _cluster.Record.Put(Given.Service("web/nginx") with { Pool = new("frnt") });
        await _cluster.Until(() => _cluster.Record.StatusOf("web/nginx") is not null, "a status is written");
        var condition = _cluster.Record.StatusOf("web/nginx")!.Conditions[0];
        Assert.Equal((ConditionTypes.AddressAssigned, false, "PoolNotFound"), (condition.Type, condition.Status, condition.Reason));
        Assert.Contains("Did you mean 'front'?", condition.Message, StringComparison.Ordinal);
        var told = Assert.Single(_cluster.Record.Events);
        Assert.Equal((true, "PoolNotFound"), (told.Warning, told.Reason));

        _cluster.Record.Put(Given.Service("web/nginx") with { Pool = new("front") });
        await _cluster.UntilAnnounced("web/nginx");
    }

    [Fact]
    public async Task A_waiting_service_is_served_when_its_pool_is_created()
    {
        _cluster.Record.Put(Given.Service("web/nginx") with { Pool = new("later") });
        await _cluster.Until(() => _cluster.Record.StatusOf("web/nginx") is not null, "it is pending");
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Pool("later", "192.0.2.30"), Given.Advertisement());
        await _cluster.UntilAnnounced("web/nginx");
        Assert.Equal("192.0.2.30", _cluster.AddressOf("web/nginx"));
    }

    [Fact]
    public async Task A_waiting_service_is_served_when_an_address_is_freed()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10"), Given.Advertisement());
        _cluster.Record.Put(Given.Service("web/first"));
        await _cluster.UntilAnnounced("web/first");
        _cluster.Record.Put(Given.Service("web/second"));
        await _cluster.Until(() => _cluster.Record.StatusOf("web/second")?.Conditions[0].Reason == "PoolExhausted", "the second is pending");
        _cluster.Record.Delete("web/first");
        await _cluster.UntilAnnounced("web/second");
        Assert.Equal("192.0.2.10", _cluster.AddressOf("web/second"));
    }

    [Fact]
    public async Task A_service_keeps_its_address_while_what_it_asks_for_instead_cannot_be_had()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
        _cluster.Record.Put(Given.Service("web/nginx") with { Addresses = [Address.Parse("198.51.100.1")] });
        await _cluster.Until(() => _cluster.Record.StatusOf("web/nginx")?.Conditions[0].Reason == "AddressOutsidePools", "the refusal is told");
        Assert.Equal("192.0.2.10", _cluster.AddressOf("web/nginx"));
        Assert.NotNull(_cluster.AnnouncerOf("192.0.2.10"));
    }

    [Fact]
    public async Task Another_address_is_taken_before_the_old_one_is_let_go()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
        _cluster.Record.Put(Given.Service("web/nginx") with { Addresses = [Address.Parse("192.0.2.15")] });
        await _cluster.Until(() => _cluster.AddressOf("web/nginx") == "192.0.2.15", "the new address is shown");
        await _cluster.UntilAnnounced("web/nginx");
        await _cluster.Until(() => _cluster.Record.Claims is [{ Address: var left }] && left.ToString() == "192.0.2.15", "the old address is let go");
        await _cluster.Until(() => _cluster.AnnouncerOf("192.0.2.10") is null, "the old address is withdrawn");
    }

    [Fact]
    public async Task Both_families_are_announced_by_one_node()
    {
        _cluster.Record.Declare(Given.Pool("four", "192.0.2.10-192.0.2.20"), Given.Pool("six", "2001:db8::10-2001:db8::20"), Given.Advertisement());
        _cluster.Record.Put(Given.Service("web/dual") with { Families = [IpFamily.IPv6, IpFamily.IPv4], FamilyPolicy = FamilyPolicy.RequireDualStack });
        await _cluster.UntilAnnounced("web/dual");
        Assert.Equal(["2001:db8::10", "192.0.2.10"], _cluster.Record.StatusOf("web/dual")!.Addresses.Select(address => address.ToString()));
        Assert.Equal(_cluster.AnnouncerOf("192.0.2.10"), _cluster.AnnouncerOf("2001:db8::10"));
    }

    [Fact]
    public async Task An_address_that_no_node_has_an_interface_for_does_not_silence_the_other_and_is_announced_when_one_has()
    {
        foreach (var speaker in _cluster.Speakers.Values) await speaker.RegainLinks(Given.Links("192.0.2.0/24"));
        _cluster.Record.Declare(Given.Pool("four", "192.0.2.10-192.0.2.20"), Given.Pool("six", "2001:db8::10-2001:db8::20"), Given.Advertisement());
        _cluster.Record.Put(Given.Service("web/dual") with { Families = [IpFamily.IPv4, IpFamily.IPv6], FamilyPolicy = FamilyPolicy.RequireDualStack });
        await _cluster.UntilAnnounced("web/dual");
        Assert.NotNull(_cluster.AnnouncerOf("192.0.2.10"));
        Assert.Null(_cluster.AnnouncerOf("2001:db8::10"));
        Assert.Contains("Nobody announces 2001:db8::10", _cluster.Record.StatusOf("web/dual")!.Conditions[1].Message, StringComparison.Ordinal);

        await _cluster.Speakers["node2"].RegainLinks(Given.Links("192.0.2.0/24", "2001:db8::/64"));
        await _cluster.Until(() => _cluster.Speakers["node2"].Announcing.Count == 2 && _cluster.Speakers["node1"].Announcing.Count == 0,
            "node2 announces both");
        await _cluster.Until(() => !_cluster.Record.StatusOf("web/dual")!.Conditions[1].Message.Contains("Nobody", StringComparison.Ordinal),
            "the status says so");
    }

    [Fact]
    public async Task Services_that_share_an_address_are_announced_by_one_node_until_the_last_is_gone()
    {
        var shared = Given.Service("web/a") with { SharingKey = "k", Addresses = [Address.Parse("192.0.2.12")] };
        _cluster.Record.Put(shared);
        _cluster.Record.Put(Given.Service("web/b") with { SharingKey = "k", Addresses = [Address.Parse("192.0.2.12")], Ports = [new(Transport.Tcp, 443)] });
        await _cluster.UntilAnnounced("web/a");
        await _cluster.UntilAnnounced("web/b");
        Assert.NotNull(_cluster.AnnouncerOf("192.0.2.12"));
        _cluster.Record.Delete("web/a");
        await _cluster.Until(() => _cluster.Record.Claims is [{ Holders.Count: 1 }], "one holder is left");
        Assert.NotNull(_cluster.AnnouncerOf("192.0.2.12"));
        _cluster.Record.Delete("web/b");
        await _cluster.Until(() => _cluster.Record.Claims.Count == 0 && _cluster.AnnouncerOf("192.0.2.12") is null, "nothing is left");
    }

    [Fact]
    public async Task An_unchanged_service_writes_and_says_nothing()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
        await _cluster.Grains.Service(ServiceName.Parse("web/nginx")).Observe(_cluster.Record.Find("web/nginx")!);
        var (writes, events) = (_cluster.Record.Writes, _cluster.Record.Events.Count);
        for (var i = 0; i < 5; i++) await _cluster.Grains.Service(ServiceName.Parse("web/nginx")).Observe(_cluster.Record.Find("web/nginx")!);
        Assert.Equal((writes, events), (_cluster.Record.Writes, _cluster.Record.Events.Count));
    }
}
