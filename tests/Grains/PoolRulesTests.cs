using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

/// <summary>What pools grant and refuse, from the record to the wire and back.</summary>
public sealed class PoolRulesTests : IAsyncLifetime
{
    private static readonly AddressPool Pool = Given.Pool("front", "192.0.2.10-192.0.2.13");

    private readonly TestCluster _cluster = new();

    public async ValueTask InitializeAsync()
    {
        Declare(Pool);
        await _cluster.Start();
        await _cluster.Join("node1");
    }

    public ValueTask DisposeAsync() => _cluster.DisposeAsync();

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_pool_of_other_namespaces_refuses_a_request_from_outside(bool byAddress)
    {
        Declare(Pool with { Scope = PoolScope.Everyone with { Namespaces = ["db"], Enforced = true } });
        var asked = Given.Service("web/nginx");
        _cluster.Record.Put(byAddress ? asked with { Addresses = [At(11)] } : asked with { Pool = new("front") });
        await Pending("web/nginx", Reason.PoolNotForService, "only for namespaces db");
        _cluster.Record.Put(Given.Service("db/postgres") with { Addresses = [At(11)] });
        await _cluster.UntilAnnounced("db/postgres");
        Assert.Equal("192.0.2.11", _cluster.AddressOf("db/postgres"));
    }

    /// <summary>So that it is announced by who announces the pool that lists it now, and that the pool's books are right.</summary>
    [Fact]
    public async Task A_pool_that_is_renamed_or_split_takes_along_what_services_hold_of_it()
    {
        Declare(Pool);
        foreach (var name in new[] { "web/a", "web/b" })
        {
            _cluster.Record.Put(Given.Service(name));
            await _cluster.UntilAnnounced(name);
        }
        _cluster.Record.Declare(Given.Pool("first", "192.0.2.10"), Given.Pool("second", "192.0.2.11-192.0.2.19"), Given.Advertisement());
        await _cluster.Until(() => _cluster.Record.Claims.Select(claim => claim.Pool.Value).SequenceEqual(["first", "second"]),
            "each is of the pool that lists it");
        Assert.Equal(("192.0.2.10", "192.0.2.11"), (_cluster.AddressOf("web/a"), _cluster.AddressOf("web/b")));
        _cluster.Record.Put(Given.Service("web/c"));
        await _cluster.UntilAnnounced("web/c");
        Assert.Equal("192.0.2.12", _cluster.AddressOf("web/c"));
        Assert.All(_cluster.Record.Claims, claim => Assert.Single(claim.Holders));
    }

    [Fact]
    public async Task A_namespace_that_has_used_up_its_quota_waits_until_one_of_its_services_goes()
    {
        Declare(Pool with { Quota = new(1, []) });
        _cluster.Record.Put(Given.Service("web/a"));
        await _cluster.UntilAnnounced("web/a");
        _cluster.Record.Put(Given.Service("web/b"));
        await Pending("web/b", Reason.QuotaExceeded, "its quota there is 1");
        _cluster.Record.Put(Given.Service("db/a"));
        await _cluster.UntilAnnounced("db/a");
        _cluster.Record.Delete("web/a");
        await _cluster.UntilAnnounced("web/b");
    }

    [Fact]
    public async Task A_quota_of_all_pools_holds_when_many_ask_at_once_and_waits_until_one_goes()
    {
        var rear = Given.Pool("rear", "192.0.2.20-192.0.2.29");
        _cluster.Record.Declare(Pool, rear, Given.Advertisement(), Quota("everyone", 9), Quota("web", 3) with { Namespaces = ["web"] });
        foreach (var i in Enumerable.Range(0, 8)) _cluster.Record.Put(Given.Service($"web/s{i}") with { Pool = i % 2 == 0 ? Pool.Name : rear.Name });
        await _cluster.Until(() => _cluster.Record.Statuses.Count(status => status.Conditions[0].Reason == nameof(Reason.QuotaExceeded)) == 5,
            "five services wait");
        Assert.Equal(3, _cluster.Record.Claims.Count);
        Assert.Contains(_cluster.Record.Events, recorded =>
            recorded.Message.Contains("namespace web holds 3 addresses in all pools together, and AddressQuota 'web' allows it 3", StringComparison.Ordinal));
        await Serve("db/a");

        _cluster.Record.Delete(_cluster.Record.Claims.SelectMany(claim => claim.Holders).First(holder => holder.Service.Namespace == "web").Service.ToString());
        await _cluster.Until(() => _cluster.Record.Statuses.Count(status => status.Service.Namespace == "web" && status.Addresses.Count > 0) == 3,
            "another one is served");
        Assert.Equal(4, _cluster.Record.Claims.Count);
    }

    [Fact]
    public async Task A_quota_that_sinks_takes_nothing_away_and_gives_nothing_new()
    {
        _cluster.Record.Declare(Pool, Given.Advertisement(), Quota("web", 2));
        await Serve("web/a", "web/b");
        _cluster.Record.Declare(Pool, Given.Advertisement(), Quota("web", 1));
        _cluster.Record.Put(Given.Service("web/c"));
        await Pending("web/c", Reason.QuotaExceeded, "namespace web holds 2 addresses in all pools together, and AddressQuota 'web' allows it 1");
        _cluster.Record.Put(Given.Service("web/a") with { Addresses = [At(13)] });
        await _cluster.Until(() => _cluster.Record.StatusOf("web/a")?.Conditions[0].Reason == nameof(Reason.QuotaExceeded),
            "an exchange is one too many still");
        Assert.Equal(["192.0.2.10", "192.0.2.11"], _cluster.Record.Claims.Select(claim => claim.Address.ToString()));
    }

    [Fact]
    public async Task A_service_may_move_to_another_pool_at_the_quota_of_all_pools()
    {
        _cluster.Record.Declare(Pool, Given.Advertisement(), Quota("web", 1));
        await Serve("web/a");
        _cluster.Record.Declare(Pool with { Draining = true }, Given.Pool("rear", "192.0.2.20-192.0.2.29"), Given.Advertisement(), Quota("web", 1));
        await _cluster.Until(() => _cluster.Record.Claims is [{ Pool.Value: "rear" }], "it has moved");
    }

    [Fact]
    public async Task Nothing_rests_any_more_when_the_pool_has_another_order()
    {
        Declare(Pool with { Order = AddressOrder.LeastRecentlyReleased });
        await Serve("web/a");
        _cluster.Record.Delete("web/a");
        await _cluster.Until(() => _cluster.Record.Claims is [{ IsResting: true }], "its address rests");
        Declare(Pool);
        await _cluster.Until(() => _cluster.Record.Claims.Count == 0, "the claim goes");
    }

    [Fact]
    public async Task A_service_that_is_created_again_in_time_gets_its_address_back()
    {
        Declare(Pool with { Retention = TimeSpan.FromMinutes(5) });
        await Serve("web/a", "web/b");
        var before = _cluster.AddressOf("web/a");
        _cluster.Record.Delete("web/a");
        await _cluster.Until(() => _cluster.Record.Claims.Any(claim => claim.Reserved?.Name == "a" && claim.Holders.Count == 0), "the address is kept");
        await Serve("web/c");
        _cluster.Record.Put(Given.Service("web/a", "another"));
        await _cluster.UntilAnnounced("web/a");
        Assert.Equal(before, _cluster.AddressOf("web/a"));
        Assert.All(_cluster.Record.Claims, claim => Assert.Null(claim.Reserved));
    }

    [Fact]
    public async Task A_service_that_does_not_come_again_in_time_loses_its_address()
    {
        Declare(Pool with { Retention = TimeSpan.FromMinutes(5) });
        await Serve("web/a");
        _cluster.Record.Delete("web/a");
        await _cluster.Until(() => _cluster.Record.Claims is [{ Reserved.Name: "a", Holders.Count: 0 }], "the address is kept");
        await _cluster.Until(() => _cluster.Record.Claims.Count == 0, TimeSpan.FromMinutes(1), "the claim goes");
    }

    [Fact]
    public async Task A_pool_that_is_drained_gives_its_services_to_another()
    {
        await Serve("web/a", "web/b");
        Declare(Pool with { Draining = true });
        await _cluster.Until(() => MessageOf("web/a").Contains("draining", StringComparison.Ordinal), "it says that it would leave");
        Assert.Equal("192.0.2.10", _cluster.AddressOf("web/a"));
        Declare(Pool with { Draining = true }, Given.Pool("rear", "192.0.2.20-192.0.2.29"));
        await _cluster.Until(() => _cluster.Record.Claims.Count == 2 && _cluster.Record.Claims.All(claim => claim.Pool.Value == "rear"), "both have moved");
        Assert.Equal(["+192.0.2.10", "+192.0.2.11"], _cluster.Speakers["node1"].Log.Take(2).Order());
        await _cluster.Until(() => _cluster.Speakers["node1"].Announcing.Count == 2, "the old ones are withdrawn");
    }

    [Theory, InlineData(false, "192.0.2.11"), InlineData(true, "192.0.2.12")]
    public async Task A_shrunk_pool_keeps_what_is_in_use_or_reallocates_it(bool reallocates, string expected)
    {
        await Serve("web/a", "web/b");
        Declare(Given.Pool("front", "192.0.2.12-192.0.2.13") with { Reallocates = reallocates });
        if (reallocates)
            await _cluster.Until(() => _cluster.Record.Statuses.All(status => status.Addresses.All(address => address >= At(12))), "both have moved");
        else await _cluster.Until(() => MessageOf("web/b").Contains("has 192.0.2.11 no longer: the address is kept", StringComparison.Ordinal),
            "it says that it is kept");
        await _cluster.UntilAnnounced("web/b");
        var addresses = new[] { _cluster.AddressOf("web/a"), _cluster.AddressOf("web/b") };
        Assert.Contains(expected, addresses);
        Assert.Equal(2, addresses.Distinct().Count());
    }

    [Fact]
    public async Task Equal_pools_are_filled_evenly()
    {
        Declare(Pool, Given.Pool("rear", "192.0.2.20-192.0.2.23"));
        await Serve("web/a", "web/b", "web/c", "web/d");
        Assert.Equal(2, _cluster.Record.Claims.Count(claim => claim.Pool.Value == "rear"));
    }

    private void Declare(params AddressPool[] pools) => _cluster.Record.Declare([.. pools, Given.Advertisement()]);

    private static AddressQuota Quota(string name, int addresses) =>
        new(new("orleanslb.io/v1alpha1", "AddressQuota", "", name), default, name, addresses, [], []);

    private async Task Serve(params string[] services)
    {
        foreach (var service in services)
        {
            _cluster.Record.Put(Given.Service(service));
            await _cluster.UntilAnnounced(service);
        }
    }

    private async Task Pending(string service, Reason reason, string message)
    {
        await _cluster.Until(() => _cluster.Record.StatusOf(service)?.Conditions[0].Reason == reason.ToString(), $"{service} waits because of {reason}");
        Assert.Contains(message, MessageOf(service), StringComparison.Ordinal);
        Assert.Contains(_cluster.Record.Events,
            recorded => recorded.Warning && recorded.Reason == reason.ToString() && recorded.Regarding.Name == ServiceName.Parse(service).Name);
    }

    private string MessageOf(string service) => _cluster.Record.StatusOf(service)?.Conditions[0].Message ?? "";

    private static Address At(int host) => Address.Parse($"192.0.2.{host}");
}
