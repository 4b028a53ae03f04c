using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Services;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

public sealed class RecoveryTests : IAsyncLifetime
{
    private readonly TestCluster _cluster = new();

    public ValueTask InitializeAsync()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Advertisement());
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Fact]
    public async Task After_a_restart_services_keep_what_they_hold_whatever_waits_for_it()
    {
        _cluster.Record.Put(Given.Service("web/late") with { Held = [Address.Parse("192.0.2.10")] });
        _cluster.Record.Put(Given.Service("web/early"));
        await Begin();
        await _cluster.UntilAnnounced("web/late");
        await _cluster.UntilAnnounced("web/early");
        Assert.Equal("192.0.2.10", _cluster.AddressOf("web/late"));
        Assert.Equal("192.0.2.11", _cluster.AddressOf("web/early"));
        Assert.DoesNotContain(_cluster.Record.Events,
            recorded => recorded.Regarding.Name == "late" && recorded.Reason.StartsWith("Address", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_service_whose_address_is_of_no_pool_takes_none_that_another_shows()
    {
        _cluster.Record.Put(Given.Service("web/astray") with { Held = [Address.Parse("198.51.100.1")] });
        _cluster.Record.Put(Given.Service("web/home") with { Held = [Address.Parse("192.0.2.10")] });
        await Begin();
        await _cluster.UntilAnnounced("web/astray");
        await _cluster.UntilAnnounced("web/home");
        Assert.Equal("192.0.2.10", _cluster.AddressOf("web/home"));
        Assert.Equal("192.0.2.11", _cluster.AddressOf("web/astray"));
    }

    [Fact]
    public async Task A_claim_is_found_again_although_the_status_was_never_written()
    {
        _cluster.Record.Put(new AddressClaim(Address.Parse("192.0.2.17"), new("front"), [new(ServiceName.Parse("web/nginx"), "uid-web/nginx")]));
        _cluster.Record.Put(Given.Service("web/nginx"));
        await Begin();
        await _cluster.UntilAnnounced("web/nginx");
        Assert.Equal("192.0.2.17", _cluster.AddressOf("web/nginx"));
        Assert.Single(_cluster.Record.Claims);
    }

    public static IEnumerable<TheoryDataRow<string[], string, string>> Conflicts =>
    [
        new(["web/a", "web/b"], "web/b", "web/a") { TestDisplayName = "the second took the first one's port" },
        new(["web/b", "web/a"], "web/b", "web/b") { TestDisplayName = "the first took the second one's port, and was there first" },
        new(["web/b", "web/a"], "key web/b", "web/a") { TestDisplayName = "the first shares no more" },
    ];

    /// <summary>Whoever is served first, for any of them may be.</summary>
    [Theory, MemberData(nameof(Conflicts))]
    public async Task Of_two_that_may_share_no_more_since_an_edit_while_nobody_watched_the_same_one_stays(string[] order, string edited, string stays)
    {
        foreach (var first in new[] { "web/a", "web/b" })
        {
            await using var cluster = new TestCluster();
            cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Advertisement());
            cluster.Record.Put(new AddressClaim(Address.Parse("192.0.2.10"), new("front"),
                [.. order.Select(name => new ClaimHolder(ServiceName.Parse(name), $"uid-{name}"))], "k"));
            foreach (var name in order) cluster.Record.Put(Sharer(name, edited));
            await cluster.Silo.Start();
            await cluster.Join("node1");
            await cluster.Grains.Service(ServiceName.Parse(first))
                .Restore(cluster.Record.Find(first)!, new(cluster.Record.Claims.ToEquatableList(), Unserved: true));
            await cluster.Grains.Sync().Start();
            foreach (var name in order) await cluster.UntilAnnounced(name);
            Assert.Equal(stays, Assert.Single(order, name => cluster.AddressOf(name) == "192.0.2.10"));
            await cluster.Until(() => cluster.Record.Claims.Count(claim => claim.Holders.Count == 1) == 2, "each has a claim of its own");
        }
    }

    private static ServiceRequest Sharer(string name, string edited) => Given.Service(name) with
    {
        Held = [Address.Parse("192.0.2.10")],
        SharingKey = edited == $"key {name}" ? null : "k",
        Ports = [new(Transport.Tcp, edited.StartsWith("key", StringComparison.Ordinal) && name == "web/b" ? 81 : 80)],
    };

    public static IEnumerable<TheoryDataRow<int>> Seeds => Enumerable.Range(1, 10).Select(seed => new TheoryDataRow<int>(seed));

    /// <summary>Another load balancer, or a hand, left two services with one address. There are no claims yet, and anybody may ask after anything.</summary>
    [Theory, MemberData(nameof(Seeds))]
    public async Task At_the_first_start_the_older_keeps_the_address_that_two_show(int seed)
    {
        var random = new Random(seed);
        var names = Enumerable.Range(0, 8).Select(i => $"web/s{i}").ToArray();
        var ages = names.ToArray();
        random.Shuffle(ages);
        foreach (var name in names) _cluster.Record.Put(Showing(name, $"192.0.2.{10 + (Array.IndexOf(names, name) / 2)}", Array.IndexOf(ages, name)));
        await _cluster.Silo.Start();
        var begun = Begin();
        foreach (var name in names.Where(_ => random.Next(2) == 0)) _ = _cluster.Grains.Service(ServiceName.Parse(name)).Explain();
        await begun;
        foreach (var name in names) await _cluster.UntilAnnounced(name);
        for (var i = 0; i < names.Length; i += 2)
        {
            var older = Array.IndexOf(ages, names[i]) < Array.IndexOf(ages, names[i + 1]) ? names[i] : names[i + 1];
            Assert.Equal($"192.0.2.{10 + (i / 2)}", _cluster.AddressOf(older));
        }
        var younger = names.Where(name =>
            !_cluster.AddressOf(name)!.StartsWith("192.0.2.1", StringComparison.Ordinal)
                || int.Parse(_cluster.AddressOf(name)![8..], System.Globalization.CultureInfo.InvariantCulture) >= 14);
        // and those who leave are served in their order
        Assert.Equal(younger.OrderBy(name => Array.IndexOf(ages, name)), younger.OrderBy(name => Address.Parse(_cluster.AddressOf(name)!)));
        Assert.Equal(names.Length, _cluster.Record.Claims.Count);
    }

    private static ServiceRequest Showing(string name, string address, int age) => Given.Service(name) with
    {
        Held = [Address.Parse(address)],
        SharingKey = "k",
        Created = DateTimeOffset.UnixEpoch.AddHours(age),
    };

    [Fact]
    public async Task Claims_of_services_that_are_gone_are_collected()
    {
        _cluster.Record.Put(new AddressClaim(Address.Parse("192.0.2.17"), new("front"), [new(ServiceName.Parse("web/gone"), "uid-1")]));
        _cluster.Record.Put(new AddressClaim(Address.Parse("192.0.2.18"), new("front"), [], Reserved: new("web", null)));
        await Begin();
        await _cluster.Until(() => _cluster.Record.Claims is [{ Reserved: not null }], "only the reservation is left");
    }

    [Fact]
    public async Task A_claim_of_a_service_that_another_load_balancer_serves_is_left_alone()
    {
        _cluster.Record.Put(new AddressClaim(Address.Parse("192.0.2.17"), new("front"), [new(ServiceName.Parse("web/theirs"), "uid-web/theirs")]));
        _cluster.Record.Put(Given.Service("web/theirs") with { Wanted = false, Foreign = true, Held = [Address.Parse("192.0.2.17")] });
        await Begin();
        _cluster.Record.Put(Given.Service("web/ours") with { Addresses = [Address.Parse("192.0.2.17")] });
        await _cluster.Until(() => _cluster.Record.StatusOf("web/ours")?.Conditions[0].Status == false, "ours is refused it");
        Assert.Equal("192.0.2.17", Assert.Single(_cluster.Record.Claims).Address.ToString());
    }

    [Fact]
    public async Task A_claim_that_appears_for_a_service_without_a_wish_is_collected()
    {
        _cluster.Record.Put(Given.Service("web/idle") with { Wanted = false });
        await Begin();
        _cluster.Record.Put(new AddressClaim(Address.Parse("192.0.2.17"), new("front"), [new(ServiceName.Parse("web/idle"), "uid-web/idle")]));
        await _cluster.Until(() => _cluster.Record.Claims.Count == 0, "the claim is collected");
    }

    [Fact]
    public async Task What_a_service_could_not_let_go_of_is_let_go_of_although_its_memory_is_lost()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await Begin();
        await _cluster.UntilAnnounced("web/nginx");
        _cluster.Record.Down = true;
        _cluster.Record.Put(Given.Service("web/nginx") with { Wanted = false });
        await _cluster.Until(() => _cluster.AnnouncerOf("192.0.2.10") is null, "nobody announces");
        foreach (var grain in new IGrain[] { _cluster.Grains.ServiceIndex(), _cluster.Grains.Service(new("web", "nginx")) })
            await _cluster.Silo.DropActivation(grain);
        _cluster.Record.Down = false;
        await _cluster.Until(() => _cluster.Record.Claims.Count == 0 && _cluster.Record.StatusOf("web/nginx") is null, TimeSpan.FromMilliseconds(100),
            "the address is free");
    }

    [Fact]
    public async Task A_service_that_lost_its_memory_is_withdrawn_when_it_is_deleted_although_the_index_lost_it_too()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await Begin();
        await _cluster.UntilAnnounced("web/nginx");
        await _cluster.Silo.DropActivation(_cluster.Grains.Service(new("web", "nginx")));
        await _cluster.Silo.DropActivation(_cluster.Grains.ServiceIndex());
        _cluster.Record.Delete("web/nginx");
        await _cluster.Until(() => _cluster.Record.Claims.Count == 0 && _cluster.AnnouncerOf("192.0.2.10") is null,
            "the address is free, and nobody announces it");
    }

    [Fact]
    public async Task A_claim_in_another_pool_that_came_about_without_an_answer_is_let_go()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.20"), Given.Pool("side", "192.0.2.30-192.0.2.40"), Given.Advertisement());
        _cluster.Record.Put(Given.Service("web/nginx"));
        await Begin();
        await _cluster.UntilAnnounced("web/nginx");
        _cluster.Record.Put(new AddressClaim(Address.Parse("192.0.2.30"), new("side"), [new(ServiceName.Parse("web/nginx"), "uid-web/nginx")]));
        await _cluster.Until(() => _cluster.Record.Claims is [{ Pool.Value: "front" }], "only what is used is held");
    }

    [Fact]
    public async Task A_service_that_shows_an_address_without_a_claim_claims_it()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await Begin();
        await _cluster.UntilAnnounced("web/nginx");
        await _cluster.Silo.DropActivation(_cluster.Grains.Pool(new("front")));
        _cluster.Record.DeleteClaim("192.0.2.10");
        await _cluster.Until(() => _cluster.Record.Claims is [{ Holders: [{ Service.Name: "nginx" }] }], "the claim is there again");
    }

    [Fact]
    public async Task What_is_held_of_a_pool_that_was_removed_stays_served()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await Begin();
        await _cluster.UntilAnnounced("web/nginx");
        _cluster.Record.Declare();
        await _cluster.Until(() => _cluster.Record.StatusOf("web/nginx")!.Conditions[0].Message.Contains("not configured any more", StringComparison.Ordinal),
            "the service has heard of it");
        Assert.False((await _cluster.Grains.Pool(new("front")).Status()).Configured);
        await _cluster.Grains.Service(ServiceName.Parse("web/nginx")).Observe(_cluster.Record.Find("web/nginx")!);
        Assert.Equal("192.0.2.10", _cluster.AddressOf("web/nginx"));
        Assert.NotNull(_cluster.AnnouncerOf("192.0.2.10"));
        Assert.True(_cluster.Record.StatusOf("web/nginx")!.Conditions.All(condition => condition.Status));
    }

    [Fact]
    public async Task A_claim_that_somebody_deletes_is_made_again_for_its_service()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await Begin();
        await _cluster.UntilAnnounced("web/nginx");
        _cluster.Record.DeleteClaim("192.0.2.10");
        await _cluster.Until(() => _cluster.Record.Claims is [{ Holders: [{ Service.Name: "nginx" }] }], "the claim is there again");
        Assert.Equal("192.0.2.10", _cluster.AddressOf("web/nginx"));
    }

    [Fact]
    public async Task A_reservation_that_names_no_pool_holds_in_the_pool_of_its_address()
    {
        _cluster.Record.Put(new AddressClaim(Address.Parse("192.0.2.10"), new(""), [], Reserved: new("db", null)));
        _cluster.Record.Put(Given.Service("web/nginx"));
        _cluster.Record.Put(Given.Service("db/main"));
        await Begin();
        await _cluster.UntilAnnounced("web/nginx");
        await _cluster.UntilAnnounced("db/main");
        Assert.Equal(("192.0.2.11", "192.0.2.10"), (_cluster.AddressOf("web/nginx"), _cluster.AddressOf("db/main")));
    }

    [Fact]
    public async Task After_every_activation_is_lost_nothing_moves()
    {
        foreach (var node in new[] { "node1", "node2" }) _cluster.Record.Put(Given.Node(node));
        foreach (var i in Enumerable.Range(0, 9)) _cluster.Record.Put(Given.Service($"web/s{i}"));
        await Begin();
        foreach (var i in Enumerable.Range(0, 9)) await _cluster.UntilAnnounced($"web/s{i}");
        var before = Placement();

        await _cluster.Silo.DropAllActivations();
        await _cluster.Start();
        foreach (var speaker in _cluster.Speakers.Values)
        {
            Assert.False(await speaker.Heartbeat());
            await speaker.Connect(Given.Links("192.0.2.0/24"));
        }
        foreach (var i in Enumerable.Range(0, 9)) await _cluster.Grains.Service(new("web", $"s{i}")).Observe(_cluster.Record.Find($"web/s{i}")!);
        Assert.Equal(before, Placement());
        Assert.Equal(9, _cluster.Record.Claims.Count);
    }

    [Fact]
    public async Task A_service_that_lost_its_memory_is_served_as_before_when_its_node_dies()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await Begin();
        await _cluster.UntilAnnounced("web/nginx");
        var node = _cluster.AnnouncerOf("192.0.2.10")!;
        await _cluster.Silo.DropActivation(_cluster.Grains.Service(ServiceName.Parse("web/nginx")));
        await _cluster.Speakers[node].Kill();
        await _cluster.Until(() => _cluster.AnnouncerOf("192.0.2.10") is { } other && other != node, "the other node announces");
    }

    [Fact]
    public async Task While_the_record_is_down_announcements_stand_and_takeovers_work()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await Begin();
        await _cluster.UntilAnnounced("web/nginx");
        var node = _cluster.AnnouncerOf("192.0.2.10")!;
        _cluster.Record.Down = true;
        _cluster.Record.HangUp();
        await _cluster.Speakers[node].Kill();
        await _cluster.Until(() => _cluster.AnnouncerOf("192.0.2.10") is { } other && other != node, "the other node announces");
    }

    [Fact]
    public async Task A_service_that_comes_while_the_record_fails_is_served_when_it_is_back()
    {
        await Begin();
        await _cluster.Until(() => _cluster.Silo.ActiveGrains.Count > 0, "the grains are there");
        _cluster.Record.Put(Given.Service("web/first"));
        await _cluster.UntilAnnounced("web/first");
        _cluster.Record.Down = true;
        await _cluster.Grains.Service(ServiceName.Parse("web/nginx")).Observe(Given.Service("web/nginx"));
        Assert.Null(_cluster.AddressOf("web/nginx"));
        _cluster.Record.Down = false;
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
        Assert.Equal("192.0.2.11", _cluster.AddressOf("web/nginx"));
    }

    [Fact]
    public async Task A_feed_that_breaks_is_read_again_and_what_vanished_meanwhile_is_gone()
    {
        _cluster.Record.Put(Given.Service("web/nginx"));
        await Begin();
        await _cluster.UntilAnnounced("web/nginx");
        _cluster.Record.HangUp();
        _cluster.Record.Delete("web/nginx");
        await _cluster.Until(() => _cluster.Record.Claims.Count == 0, TimeSpan.FromMilliseconds(100), "the claim is released");
        Assert.Equal(1, (await _cluster.Grains.Sync().Status()).Restarts);
    }

    private async Task Begin()
    {
        await _cluster.Start();
        await _cluster.Join("node1");
        await _cluster.Join("node2");
    }

    private SortedDictionary<string, string?> Placement() =>
        new(_cluster.Record.Statuses.ToDictionary(status => status.Service.ToString(), status => _cluster.AnnouncerOf(status.Addresses[0].ToString())));
}
