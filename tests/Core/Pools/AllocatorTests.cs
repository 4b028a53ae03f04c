using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Tests.Pools;

public sealed class AllocatorTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;
    private static readonly AddressPool Front = Given.Pool("front", "192.0.2.10-192.0.2.12", "2001:db8::/64");

    [Theory]
    [InlineData("0.0.0.0/0", "1.0.0.0", 4_294_967_296L - (2 * 16_777_216) - (16 * 16_777_216) - 1)]
    [InlineData("126.255.255.255-128.0.0.1", "126.255.255.255", 3)]
    [InlineData("127.0.0.0/30", null, 0)]
    [InlineData("223.255.255.255-240.0.0.0", "223.255.255.255", 2)]
    [InlineData("::/126", "::2", 2)]
    [InlineData("ff02::/120", null, 0)]
    public void What_no_host_can_have_is_given_to_nobody_and_not_counted(string range, string? first, long total)
    {
        var pool = Given.Pool("front", range);
        var family = pool.Ranges[0].Family;
        Assert.Equal(first, Given.Book(pool).NextFree(family)?.ToString());
        Assert.Equal((UInt128)total, PoolCount.TotalOf(pool, family));
    }

    [Fact]
    public void The_search_goes_on_behind_what_no_host_can_have()
    {
        var book = Given.Book(Given.Pool("front", "126.255.255.255-128.0.0.1"));
        string[] names = ["web/a", "web/b", "web/c"];
        foreach (var name in names) Given.Enter(book, Allocator.Decide(book, Given.Request(name)).Changes);
        Assert.Equal(["126.255.255.255", "128.0.0.0", "128.0.0.1"], names.Select(name => book.HeldBy(ServiceName.Parse(name)).Single().ToString()));
    }

    [Fact]
    public void The_lowest_free_address_is_given_first()
    {
        var book = Given.Book(Front, Given.Claim("192.0.2.10", "web/a"), Given.Claim("192.0.2.12", "web/b"));
        Assert.Equal("192.0.2.11", Granted(book, Given.Request("web/new"))[0].ToString());
    }

    [Fact]
    public void Ranges_are_used_in_the_order_written()
    {
        var book = Given.Book(Given.Pool("front", "192.0.2.200", "192.0.2.10"));
        Assert.Equal("192.0.2.200", Granted(book, Given.Request("web/a"))[0].ToString());
    }

    [Fact]
    public void What_is_held_is_kept_and_nothing_is_written()
    {
        var book = Given.Book(Front, Given.Claim("192.0.2.12", "web/a"));
        var decision = Allocator.Decide(book, Given.Request("web/a"));
        Assert.Equal(new AllocationOutcome.Granted(Given.Addresses("192.0.2.12"), Reason.AddressAdopted), decision.Outcome);
        Assert.Empty(decision.Changes);
    }

    [Fact]
    public void What_the_status_shows_is_adopted_if_nobody_else_has_it()
    {
        var book = Given.Book(Front, Given.Claim("192.0.2.11", "web/other"));
        Assert.Equal("192.0.2.12", Granted(book, Given.Request("web/a") with { Held = Given.Addresses("192.0.2.12") })[0].ToString());
        Assert.Equal("192.0.2.10", Granted(book, Given.Request("web/a") with { Held = Given.Addresses("192.0.2.11") })[0].ToString());
    }

    [Fact]
    public void A_successor_of_the_same_name_takes_over_the_claim_of_a_service_that_is_gone()
    {
        var book = Given.Book(Front, Given.Claim("192.0.2.12", "web/a"));
        var decision = Allocator.Decide(book, Given.Request("web/a") with { Uid = "another" });
        var change = Assert.Single(decision.Changes);
        Assert.Equal([new ClaimHolder(ServiceName.Parse("web/a"), "another")], change.After!.Holders);
        Assert.Empty(Allocator.Release(Applied(book, decision), ServiceName.Parse("web/a"), "uid-web/a", [], Now));
    }

    [Fact]
    public void Another_address_asked_for_is_granted_and_the_old_one_stays_until_it_is_let_go()
    {
        var book = Given.Book(Front, Given.Claim("192.0.2.10", "web/a"));
        var granted = Applied(book, Given.Request("web/a") with { Wanted = Given.Addresses("192.0.2.12") });
        Assert.Equal(Given.Addresses("192.0.2.10", "192.0.2.12"), book.HeldBy(ServiceName.Parse("web/a")).ToEquatableList());
        var change = Assert.Single(Allocator.Release(book, ServiceName.Parse("web/a"), "uid-web/a", granted, Now));
        Assert.Equal(("192.0.2.10", null), (change.Address.ToString(), change.After));
    }

    [Fact]
    public void Of_two_addresses_held_the_one_that_the_status_shows_is_kept()
    {
        var book = Given.Book(Front, Given.Claim("192.0.2.10", "web/a"), Given.Claim("192.0.2.12", "web/a"));
        Assert.Equal("192.0.2.12", Granted(book, Given.Request("web/a") with { Held = Given.Addresses("192.0.2.12") })[0].ToString());
        Assert.Equal("192.0.2.10", Granted(book, Given.Request("web/a"))[0].ToString());
    }

    [Fact]
    public void Both_families_come_from_one_pool_when_both_are_asked_for() =>
        Assert.Equal(Given.Addresses("2001:db8::", "192.0.2.10"), Granted(Given.Book(Front), Given.Request("web/a", IpFamily.IPv6, IpFamily.IPv4)));

    [Fact]
    public void A_request_for_one_family_leaves_the_other_alone()
    {
        var book = Given.Book(Front, Given.Claim("192.0.2.10", "web/a"), Given.Claim("2001:db8::1", "web/a"));
        Assert.Empty(Allocator.Decide(book, Given.Request("web/a", IpFamily.IPv4)).Changes);
    }

    [Fact]
    public void Buggy_addresses_are_given_to_who_has_them_or_for_whom_they_are_reserved()
    {
        var pool = Given.Pool("front", "192.0.2.254-192.0.3.2") with { AvoidBuggyAddresses = true };
        var book = Given.Book(pool);
        var given = Enumerable.Range(0, 3).Select(i => Applied(book, Given.Request($"web/s{i}"))[0].ToString()).ToList();
        Assert.Equal(["192.0.2.254", "192.0.3.1", "192.0.3.2"], given);
        Assert.Equal(Reason.PoolExhausted, Refused(book, Given.Request("web/more")).Reason);
        var asking = Given.Request("web/more") with { Wanted = Given.Addresses("192.0.3.0") };
        var refused = Refused(book, asking);
        Assert.Equal(Reason.AddressNotInPool, refused.Reason);
        Assert.StartsWith("192.0.3.0 ends in .0 or .255, and pool 'front' avoids such addresses (avoidBuggyIPs)", refused.Message, StringComparison.Ordinal);
        Assert.Equal("192.0.3.0", Granted(book, asking with { Held = asking.Wanted })[0].ToString());
        Assert.Equal("192.0.3.0", Granted(book, Given.Request("web/more") with { Held = asking.Wanted })[0].ToString());
        book.Put(new(Address.Parse("192.0.3.0"), new("front"), [], null, null, "1") { Reserved = new("web", "more", null) });
        Assert.Equal("192.0.3.0", Granted(book, asking)[0].ToString());
    }

    [Fact]
    public void A_prefix_of_any_length_gives_the_first_address_that_a_host_can_have_at_once()
    {
        Assert.Equal("::2", Granted(Given.Book(Given.Pool("front", "::/0")), Given.Request("web/a", IpFamily.IPv6))[0].ToString());
        Assert.Equal("1.0.0.0", Granted(Given.Book(Given.Pool("front", "0.0.0.0/0")), Given.Request("web/a"))[0].ToString());
    }

    [Fact]
    public void A_disabled_pool_keeps_what_it_gave_and_gives_nothing_new()
    {
        var book = Given.Book(Front with { Disabled = true }, Given.Claim("192.0.2.10", "web/a"));
        Assert.Equal("192.0.2.10", Granted(book, Given.Request("web/a"))[0].ToString());
        Assert.Equal("192.0.2.11", Granted(book, Given.Request("web/b") with { Held = Given.Addresses("192.0.2.11") })[0].ToString());
        Assert.Equal(Reason.PoolDisabled, Refused(book, Given.Request("web/c")).Reason);
    }

    [Fact]
    public void A_pool_that_is_configured_no_more_keeps_what_services_hold()
    {
        var book = Given.Book(Front, Given.Claim("192.0.2.10", "web/a"));
        book.Configure(null);
        Assert.Equal("192.0.2.10", Granted(book, Given.Request("web/a"))[0].ToString());
        Assert.Equal(Reason.PoolNotFound, Refused(book, Given.Request("web/b")).Reason);
    }

    [Fact]
    public void A_pool_that_shrank_keeps_what_is_held_outside()
    {
        var book = Given.Book(Front, Given.Claim("192.0.2.12", "web/a"));
        book.Configure(Given.Pool("front", "192.0.2.10"));
        Assert.Equal("192.0.2.12", Granted(book, Given.Request("web/a"))[0].ToString());
    }

    public static IEnumerable<TheoryDataRow<string, string, Reason, string>> Sharing =>
    [
        new("k", "tcp/443", Reason.None, "") { TestDisplayName = "the same key and another port share" },
        new("k", "udp/80", Reason.None, "") { TestDisplayName = "the same port of another transport shares" },
        new("k", "tcp/80", Reason.SharingPortTaken, "port tcp/80 of 192.0.2.10 is taken by service web/a") { TestDisplayName = "the same port is taken" },
        new("other", "tcp/443", Reason.SharingKeyDiffers,
            "under the sharing key 'k', and this service bears 'other'") { TestDisplayName = "another key is refused" },
        new("", "tcp/443", Reason.AddressHeld, "held by service web/a") { TestDisplayName = "without a key nothing is shared" },
    ];

    [Theory, MemberData(nameof(Sharing))]
    public void An_address_is_shared_on_these_terms(string key, string port, Reason expected, string message)
    {
        var book = Given.Book(Front, Given.Claim("192.0.2.10", "web/a", "k"));
        book.Learn(ServiceName.Parse("web/a"), new("k", "", [new(Transport.Tcp, 80)]));
        var parts = port.Split('/');
        var request = Given.Request("web/b") with
        {
            Wanted = Given.Addresses("192.0.2.10"),
            Sharing = new(key.Length == 0 ? null : key, "", [new(Enum.Parse<Transport>(parts[0], ignoreCase: true), int.Parse(parts[1]))]),
        };
        Judge(Allocator.Decide(book, request).Outcome, expected, message);
    }

    [Fact]
    public void With_local_traffic_only_equal_backends_share()
    {
        var book = Given.Book(Front, Given.Claim("192.0.2.10", "web/a", "k"));
        book.Learn(ServiceName.Parse("web/a"), new("k", "app=a", [new(Transport.Tcp, 80)]));
        var request = Given.Request("web/b") with { Wanted = Given.Addresses("192.0.2.10"), Sharing = new("k", "app=b", [new(Transport.Tcp, 443)]) };
        Assert.Equal(Reason.SharingBackendDiffers, Refused(book, request).Reason);
        Assert.Equal("192.0.2.10", Granted(book, request with { Sharing = request.Sharing with { Backend = "app=a" } })[0].ToString());
    }

    [Fact]
    public void Services_of_one_key_come_together_without_being_asked()
    {
        var book = Given.Book(Front, Given.Claim("192.0.2.11", "web/a", "k"));
        book.Learn(ServiceName.Parse("web/a"), new("k", "", [new(Transport.Tcp, 80)]));
        Assert.Equal("192.0.2.11", Granted(book, Given.Request("web/b") with { Sharing = new("k", "", [new(Transport.Tcp, 443)]) })[0].ToString());
        Assert.Equal("192.0.2.10", Granted(book, Given.Request("web/c") with { Sharing = new("k", "", [new(Transport.Tcp, 80)]) })[0].ToString());
    }

    [Fact]
    public void Terms_of_sharers_that_have_not_spoken_yet_are_asked_for()
    {
        var book = Given.Book(Front, Given.Claim("192.0.2.11", "web/a", "k"));
        var request = Given.Request("web/b") with { Sharing = new("k", "", []) };
        Assert.Equal([ServiceName.Parse("web/a")], Allocator.UnknownTerms(book, request));
        book.Learn(ServiceName.Parse("web/a"), request.Sharing);
        Assert.Empty(Allocator.UnknownTerms(book, request));
    }

    public static IEnumerable<TheoryDataRow<string, string?, string?, Reason, string>> Reservations =>
    [
        new("web/a", "web", "a", Reason.None, "") { TestDisplayName = "for this service" },
        new("web/b", "web", null, Reason.None, "") { TestDisplayName = "for its namespace" },
        new("web/b", "web", "a", Reason.AddressReserved, "reserved for service web/a") { TestDisplayName = "for another service" },
        new("db/a", "web", null, Reason.AddressReserved, "reserved for services of namespace web") { TestDisplayName = "for another namespace" },
        new("web/a", null, null, Reason.AddressReserved, "reserved for nobody") { TestDisplayName = "for nobody" },
    ];

    [Theory, MemberData(nameof(Reservations))]
    public void A_reserved_address_is_kept_for_whom_it_is_meant(string service, string? ns, string? name, Reason expected, string message)
    {
        var book = Given.Book(Front, new AddressClaim(Address.Parse("192.0.2.12"), new("front"), [], null, new(ns, name), "1"));
        Judge(Allocator.Decide(book, Given.Request(service) with { Wanted = Given.Addresses("192.0.2.12") }).Outcome, expected, message);
        Assert.Equal(expected == Reason.None ? "192.0.2.12" : "192.0.2.10", Granted(book, Given.Request(service))[0].ToString());
    }

    [Fact]
    public void A_reservation_outlives_its_holder()
    {
        var book = Given.Book(Front, Given.Claim("192.0.2.12", "web/a") with { Reserved = new("web", "a") });
        var change = Assert.Single(Allocator.Release(book, ServiceName.Parse("web/a"), "uid-web/a", [], Now));
        Assert.Empty(change.After!.Holders);
        Assert.NotNull(change.After.Reserved);
    }

    public static IEnumerable<TheoryDataRow<string, Reason, string>> Refusals =>
    [
        new("203.0.113.1", Reason.AddressNotInPool, "The next free address is 192.0.2.11.") { TestDisplayName = "outside of the pool" },
        new("192.0.2.10", Reason.AddressHeld, "held by service web/holder") { TestDisplayName = "held" },
    ];

    [Theory, MemberData(nameof(Refusals))]
    public void A_refusal_says_what_would_help(string wanted, Reason expected, string message)
    {
        var book = Given.Book(Front, Given.Claim("192.0.2.10", "web/holder"));
        Judge(Allocator.Decide(book, Given.Request("web/a") with { Wanted = Given.Addresses(wanted) }).Outcome, expected, message);
    }

    [Fact]
    public void A_family_that_the_pool_lacks_is_refused() =>
        Assert.Equal(Reason.FamilyNotInPool, Refused(Given.Book(Given.Pool("four", "192.0.2.1")), Given.Request("web/a", IpFamily.IPv6)).Reason);

    [Fact]
    public void Of_two_addresses_that_a_service_holds_it_keeps_the_one_that_it_names_first()
    {
        var book = Given.Book(Front, Given.Claim("192.0.2.10", "web/a"), Given.Claim("192.0.2.12", "web/a"));
        Assert.Equal("192.0.2.12", Granted(book, Given.Request("web/a") with { Held = Given.Addresses("192.0.2.12", "192.0.2.10") })[0].ToString());
        Assert.Equal("192.0.2.10", Granted(book, Given.Request("web/a"))[0].ToString());
    }

    [Fact]
    public void A_full_pool_says_what_its_addresses_are_for()
    {
        var book = Given.Book(
            Given.Pool("front", "192.0.2.10-192.0.2.12"), Given.Claim("192.0.2.10", "web/a"),
            new AddressClaim(Address.Parse("192.0.2.11"), new("front"), [], Reserved: new("web", "printer")),
            new AddressClaim(Address.Parse("192.0.2.12"), new("front"), [], Quarantine: new(default, new("node1"), "eth0", DateTimeOffset.MaxValue)));
        Judge(Allocator.Decide(book, Given.Request("db/a")).Outcome, Reason.PoolExhausted,
            "all 3 IPv4 addresses of pool 'front' are taken (1 held, 1 reserved, 1 in quarantine)");
    }

    [Fact]
    public void A_quota_counts_a_shared_address_once_and_lets_a_service_exchange_its_own()
    {
        var book = Given.Book(Front with { Quota = new(1, []) });
        Request("web/a", 80);
        Request("web/b", 81);
        Judge(Allocator.Decide(book, Given.Request("web/c")).Outcome, Reason.QuotaExceeded,
            "namespace web holds 1 addresses of pool 'front', and its quota there is 1");
        Assert.Equal("192.0.2.11", Granted(book, Given.Request("db/a"))[0].ToString());
        book = Given.Book(Front with { Quota = new(1, []) }, Given.Claim("192.0.2.10", "web/a"));
        Assert.Equal("192.0.2.12", Granted(book, Given.Request("web/a") with { Wanted = Given.Addresses("192.0.2.12") })[0].ToString());
        Assert.Equal(Reason.QuotaExceeded, Refused(Given.Book(Front with { Quota = new(1, []) }), Given.Request("web/a", IpFamily.IPv4, IpFamily.IPv6)).Reason);

        void Request(string service, int port) =>
            Applied(book, Given.Request(service) with { Sharing = new("k", "", [new(Transport.Tcp, port)]) });
    }

    [Fact]
    public void A_namespace_may_have_a_quota_of_its_own_and_what_its_status_shows_is_never_refused()
    {
        var book = Given.Book(Front with { Quota = new(null, [new("web", 0)]) });
        Assert.Equal(Reason.QuotaExceeded, Refused(book, Given.Request("web/a")).Reason);
        Assert.Equal("192.0.2.12", Granted(book, Given.Request("web/a") with { Held = Given.Addresses("192.0.2.12") })[0].ToString());
        Assert.Equal("192.0.2.10", Granted(book, Given.Request("db/a"))[0].ToString());
    }

    [Theory]
    [InlineData(AddressOrder.LowestFirst, "192.0.2.10")]
    [InlineData(AddressOrder.RoundRobin, "192.0.2.12")]
    [InlineData(AddressOrder.LeastRecentlyReleased, "192.0.2.12")]
    public void A_freed_address_rests_if_the_pool_says_so(AddressOrder order, string next)
    {
        var book = Given.Book(Front with { Order = order });
        foreach (var service in new[] { "web/a", "web/b" }) Applied(book, Given.Request(service));
        Given.Enter(book, Allocator.Release(book, ServiceName.Parse("web/a"), "uid-web/a", [], Now));
        Assert.Equal(next, Applied(book, Given.Request("web/c"))[0].ToString());
        Given.Enter(book, Allocator.Release(book, ServiceName.Parse("web/b"), "uid-web/b", [], Now));
        Assert.Equal(order == AddressOrder.LowestFirst ? "192.0.2.11" : "192.0.2.10", Applied(book, Given.Request("web/d"))[0].ToString());
    }

    [Theory]
    [InlineData("127.0.0.1-127.0.0.2", false, "127.0.0.1")]
    [InlineData("192.0.2.0-192.0.2.0", true, "192.0.2.0")]
    public void What_is_given_to_nobody_unasked_does_not_rest_to_be_given_so(string range, bool avoidBuggy, string asked)
    {
        var book = Given.Book(Given.Pool("front", range) with { Order = AddressOrder.LeastRecentlyReleased, AvoidBuggyAddresses = avoidBuggy });
        Assert.Equal(asked, Applied(book, Given.Request("web/a") with { Wanted = Given.Addresses(asked), Held = Given.Addresses(asked) })[0].ToString());
        Given.Enter(book, Allocator.Release(book, ServiceName.Parse("web/a"), "uid-web/a", [], Now));
        Assert.Equal(Reason.PoolExhausted, Refused(book, Given.Request("web/b")).Reason);
    }

    [Fact]
    public void What_rests_by_the_record_is_limited_and_the_order_goes_on()
    {
        var book = Given.Book(Given.Pool("front", "10.0.0.0/22") with { Order = AddressOrder.LeastRecentlyReleased });
        for (var i = 0; i < 1024; i++) Applied(book, Given.Request($"web/s{i}"));
        for (var i = 0; i < 1024; i++) Given.Enter(book, Allocator.Release(book, new("web", $"s{i}"), $"uid-web/s{i}", [], Now));
        Given.Enter(book, Allocator.Expire(book, Now));
        Assert.Equal(Allocator.MostResting, book.Claims.Count);
        Assert.Equal(["10.0.0.0", "10.0.0.1"], new[] { "web/x", "web/y" }.Select(service => Applied(book, Given.Request(service))[0].ToString()));
        Assert.Empty(Allocator.Rested(book));
    }

    [Fact]
    public void Nothing_rests_in_a_pool_of_another_order()
    {
        var book = Given.Book(Front with { Order = AddressOrder.LeastRecentlyReleased }, Given.Claim("192.0.2.10", "web/a"));
        Given.Enter(book, Allocator.Release(book, ServiceName.Parse("web/a"), "uid-web/a", [], Now));
        Assert.True(Assert.Single(book.Claims).IsResting);
        book.Configure(Front);
        Assert.Equal("192.0.2.10", Granted(book, Given.Request("web/b"))[0].ToString());
        Given.Enter(book, Allocator.Expire(book, Now));
        Assert.Empty(book.Claims);
    }

    public static IEnumerable<TheoryDataRow<int, string, string, string>> Allowances =>
    [
        new(2, "", "192.0.2.12", "") { TestDisplayName = "one more is within it" },
        new(1, "", "192.0.2.12",
            "namespace web holds 1 addresses in all pools together, and AddressQuota 'tenants' allows it 1") { TestDisplayName = "one more is too much" },
        new(1, "203.0.113.1", "192.0.2.12", "") { TestDisplayName = "for one that the service leaves in another pool it gets one here" },
        new(1, "2001:db8::1", "192.0.2.12", "allows it 1") { TestDisplayName = "one of the other family stays" },
        new(0, "", "192.0.2.11", "") { TestDisplayName = "what the service has it keeps" },
    ];

    [Theory, MemberData(nameof(Allowances))]
    public void A_quota_of_all_pools_counts_what_is_held_elsewhere(int limit, string own, string wanted, string message)
    {
        var book = Given.Book(Front, Given.Claim("192.0.2.11", "db/a"));
        var request = Given.Request("web/a") with { Wanted = Given.Addresses(wanted),
            Allowance = new("tenants", limit, new(1, own.Length == 0 ? [] : Given.Addresses(own))) };
        if (limit == 0) book.Put(Given.Claim("192.0.2.11", "web/a"));
        Judge(Allocator.Decide(book, request).Outcome, message.Length == 0 ? Reason.None : Reason.QuotaExceeded, message);
    }

    [Fact]
    public void Both_addresses_may_be_exchanged_at_the_quota()
    {
        var book = Given.Book(Front with { Quota = new(2, []) }, Given.Claim("192.0.2.10", "web/a"), Given.Claim("2001:db8::1", "web/a"));
        var wanted = Given.Addresses("192.0.2.12", "2001:db8::2");
        Assert.Equal(wanted, Granted(book, Given.Request("web/a", IpFamily.IPv4, IpFamily.IPv6) with { Wanted = wanted }));
    }

    [Fact]
    public void An_address_is_kept_for_a_service_that_may_come_again()
    {
        var (gone, back) = (DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch + TimeSpan.FromHours(1));
        var book = Given.Book(Front with { Retention = TimeSpan.FromHours(1) }, Given.Claim("192.0.2.10", "web/a"));
        var change = Assert.Single(Allocator.Release(book, ServiceName.Parse("web/a"), "uid-web/a", [], gone, gone: true));
        Assert.Equal(new Reservation("web", "a", back), change.After!.Reserved);
        book.Put(change.After);
        Assert.Equal("192.0.2.11", Granted(book, Given.Request("web/other"))[0].ToString());
        Assert.Null(Assert.Single(Allocator.Expire(book, back)).After);
        var again = Assert.Single(Allocator.Decide(book, Given.Request("web/a") with { Uid = "another" }).Changes).After!;
        Assert.Equal((Address.Parse("192.0.2.10"), (Reservation?)null), (again.Address, again.Reserved));
        Assert.Null(
            Assert.Single(Allocator.Release(Given.Book(Front, Given.Claim("192.0.2.10", "web/a")), ServiceName.Parse("web/a"), "uid-web/a", [], gone,
                gone: true)).After);
    }

    [Fact]
    public void Sharing_may_end_at_the_border_of_the_namespace()
    {
        var book = Given.Book(Front with { SharedAcrossNamespaces = false });
        var sharing = new SharingTerms("k", "", [new(Transport.Tcp, 80)]);
        Applied(book, Given.Request("web/a") with { Sharing = sharing });
        var outsider = Given.Request("db/a") with { Sharing = sharing with { Ports = [new(Transport.Tcp, 81)] } };
        Assert.Equal("192.0.2.11", Granted(book, outsider)[0].ToString());
        Judge(Allocator.Decide(book, outsider with { Wanted = Given.Addresses("192.0.2.10") }).Outcome, Reason.SharingNamespaceDiffers,
            "does not let services of different namespaces share");
    }

    [Fact]
    public void Counts_tell_what_is_total_held_reserved_and_free()
    {
        var book = Given.Book(
            Given.Pool("front", "192.0.2.0/24", "2001:db8::/64") with { AvoidBuggyAddresses = true },
            Given.Claim("192.0.2.7", "web/a"), Given.Claim("192.0.2.0", "web/b"), Given.Claim("198.51.100.1", "web/c"),
            new AddressClaim(Address.Parse("192.0.2.9"), new("front"), [], null, new("web", null)));
        var counts = PoolCount.Of(book).Families;
        Assert.Equal(new FamilyCount(IpFamily.IPv4, 254, 3, 1, 252, Quarantined: 0, Outside: 1), counts[0]);
        Assert.Equal(new FamilyCount(IpFamily.IPv6, UInt128.One << 64, 0, 0, UInt128.One << 64), counts[1]);
    }

    private static void Judge(AllocationOutcome outcome, Reason expected, string message)
    {
        if (expected == Reason.None)
        {
            Assert.IsType<AllocationOutcome.Granted>(outcome);
            return;
        }
        var refused = Assert.IsType<AllocationOutcome.Refused>(outcome);
        Assert.Equal(expected, refused.Reason);
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
    }

    private static EquatableList<Address> Granted(PoolBook book, AllocationRequest request) =>
        Assert.IsType<AllocationOutcome.Granted>(Allocator.Decide(book, request).Outcome).Addresses;

    private static AllocationOutcome.Refused Refused(PoolBook book, AllocationRequest request) =>
        Assert.IsType<AllocationOutcome.Refused>(Allocator.Decide(book, request).Outcome);

    private static EquatableList<Address> Applied(PoolBook book, AllocationRequest request)
    {
        var decision = Allocator.Decide(book, request);
        Applied(book, decision);
        return Assert.IsType<AllocationOutcome.Granted>(decision.Outcome).Addresses;
    }

    private static PoolBook Applied(PoolBook book, AllocationDecision decision)
    {
        Given.Enter(book, decision.Changes);
        return book;
    }
}
