using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Tests.Pools;

public sealed class PoolChoiceTests
{
    private static readonly AddressPool Four = Given.Pool("four", "192.0.2.0/24");
    private static readonly AddressPool Six = Given.Pool("six", "2001:db8::/64");
    private static readonly AddressPool Both = Given.Pool("both", "198.51.100.0/24", "2001:db8:1::/64");

    public static IEnumerable<TheoryDataRow<AddressPool[], string>> Orders =>
    [
        new([Pool("b"), Pool("a")], "a b") { TestDisplayName = "by name, however they are listed" },
        new([Pool("a") with { Scope = PoolScope.Everyone with { Priority = 5 } }, Pool("b") with { Scope = PoolScope.Everyone with { Priority = 1 } },
            Pool("0")], "b a 0") { TestDisplayName = "lower priority first, none last" },
        new([Pool("a"), Pool("b") with { Scope = PoolScope.Everyone with { Namespaces = ["web"] } }],
            "b a") { TestDisplayName = "pinned to the namespace before others" },
        new([Pool("a"), Pool("b") with { IsDefault = true, AutoAssign = false }], "b a") { TestDisplayName = "the default pool before others" },
        new([Pool("a") with { IsDefault = true }, Pool("b") with { Scope = PoolScope.Everyone with { ServiceSelectors = [Given.Selector("app", "nginx")] } }],
            "b a") { TestDisplayName = "pinned to the service's labels before the default" },
        new([Pool("a") with { Scope = PoolScope.Everyone with { Namespaces = ["db"] } }, Pool("b")], "b") { TestDisplayName = "not those of other namespaces" },
        new([Pool("a") with { Scope = PoolScope.Everyone with { NamespaceSelectors = [Given.Selector("team", "blue")] } }, Pool("b")],
            "a b") { TestDisplayName = "pinned by the namespace's labels" },
        new([Pool("a") with { AutoAssign = false }, Pool("b")], "b") { TestDisplayName = "not those that must be asked for" },
        new([Pool("a") with { Disabled = true }, Pool("b")], "b") { TestDisplayName = "not those that are disabled" },
    ];

    [Theory, MemberData(nameof(Orders))]
    public void Pools_are_tried_in_an_order_that_says_itself(AddressPool[] pools, string expected)
    {
        var service = Given.Service("web/nginx") with { Labels = Given.Labelled("app", "nginx"), NamespaceLabels = Given.Labelled("team", "blue") };
        Assert.Equal($"IPv4:{expected.Replace(' ', ',')}", Show(service, pools));
    }

    public static IEnumerable<TheoryDataRow<FamilyPolicy, AddressPool[], string>> Stacks =>
    [
        new(FamilyPolicy.SingleStack, [Six, Four, Both], "IPv4:both,four") { TestDisplayName = "single stack takes the primary family" },
        new(FamilyPolicy.RequireDualStack, [Four, Six, Both],
            "IPv4+IPv6:both | IPv4:both,four & IPv6:both,six") { TestDisplayName = "both from one pool before two pools" },
        new(FamilyPolicy.RequireDualStack, [Four, Six], "IPv4:four & IPv6:six") { TestDisplayName = "across two pools of one family each" },
        new(FamilyPolicy.PreferDualStack, [Four, Six],
            "IPv4:four & IPv6:six | IPv4:four | IPv6:six") { TestDisplayName = "preferring both, one is enough, the primary first" },
        new(FamilyPolicy.PreferDualStack, [Six], "IPv6:six") { TestDisplayName = "preferring both, the secondary alone if need be" },
    ];

    [Theory, MemberData(nameof(Stacks))]
    public void Families_are_served_as_the_policy_has_it(FamilyPolicy policy, AddressPool[] pools, string expected) =>
        Assert.Equal(expected, Show(Dual(policy), pools));

    /// <summary>MetalLB says so too; such a Service stands in a cluster of one family only while that is being converted.</summary>
    [Fact]
    public void Two_families_are_not_to_be_had_where_the_cluster_has_one()
    {
        var refused = PoolChoice.Of(Given.Service("web/nginx") with { FamilyPolicy = FamilyPolicy.RequireDualStack }, Given.Configuration(Both), []).Refusal;
        Assert.Equal(Reason.FamilyNotWanted, refused?.Reason);
        Assert.Contains("has IPv4 only", refused!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_held_stays_where_it_is()
    {
        var service = Given.Service("web/nginx");
        Assert.Equal("IPv4:z | IPv4:a,z", Show(service, [Pool("a"), Pool("z")], new Holding(Address.Parse("192.0.2.1"), new("z"))));
    }

    [Fact]
    public void Of_equal_pools_the_least_used_goes_first()
    {
        var pools = Given.Configuration(Pool("a"), Pool("b"), Pool("c") with { Scope = PoolScope.Everyone with { Priority = 1 } });
        var fill = new Dictionary<PoolName, double> { [new("a")] = 0.5, [new("b")] = 0.25 };
        Assert.Equal(fill.Keys, PoolChoice.Ties(Given.Service("web/nginx"), pools, []));
        Assert.Equal("IPv4:c,b,a", Show(PoolChoice.Of(Given.Service("web/nginx"), pools, [], fill)));
        Assert.Empty(PoolChoice.Ties(Given.Service("web/nginx"), pools, [new(Address.Parse("192.0.2.1"), new("a"))]));
        Assert.Empty(PoolChoice.Ties(Given.Service("web/nginx") with { Pool = new("a") }, pools, []));
    }

    [Fact]
    public void A_pool_that_is_drained_is_left_for_others_and_kept_when_there_are_none()
    {
        var held = new Holding(Address.Parse("192.0.2.1"), new("z"));
        var drained = Pool("z") with { Draining = true };
        Assert.Equal("IPv4:a-192.0.2.1 | IPv4:z", Show(Given.Service("web/nginx"), [Pool("a"), drained], held));
        Assert.Equal("IPv4:z", Show(Given.Service("web/nginx"), [drained], held));
        Assert.Equal("IPv4:z", Show(Given.Service("web/nginx") with { Pool = new("z") }, [Pool("a"), drained], held));
    }

    [Theory, InlineData(false, "IPv4:z | IPv4:z"), InlineData(true, "IPv4:z-192.0.2.1 | IPv4:z")]
    public void An_address_that_the_pool_has_no_longer_is_kept_unless_the_pool_reallocates(bool reallocates, string expected)
    {
        var shrunk = Given.Pool("z", "192.0.2.128/25") with { Reallocates = reallocates };
        var held = new Holding(Address.Parse("192.0.2.1"), new("z"));
        Assert.Equal(expected.Split(" | ").Distinct(), Show(Given.Service("web/nginx"), [shrunk], held).Split(" | "));
        Assert.Equal(expected.Split(" | ").Distinct(), Show(Given.Service("web/nginx") with { Pool = new("z") }, [shrunk], held).Split(" | "));
    }

    [Fact]
    public void A_missing_family_comes_from_the_same_pool_first() => Assert.Equal(
        "IPv4:both & IPv6:both,six | IPv4:both | IPv4+IPv6:both | IPv4:both,four & IPv6:both,six | IPv4:both,four | IPv6:both,six",
        Show(Dual(FamilyPolicy.PreferDualStack), [Four, Six, Both], new Holding(Address.Parse("198.51.100.1"), new("both"))));

    [Fact]
    public void A_pool_asked_for_is_the_only_one_tried() =>
        Assert.Equal("IPv4:b", Show(Given.Service("web/nginx") with { Pool = new("b") }, [Pool("a"), Pool("b") with { AutoAssign = false }]));

    [Fact]
    public void An_address_asked_for_leads_to_its_pool_and_the_other_family_may_follow()
    {
        Assert.Equal("IPv4:four=192.0.2.7", Show(Given.Service("web/nginx") with { Addresses = Given.Addresses("192.0.2.7") }, [Four, Both]));
        Assert.Equal("IPv4:four=192.0.2.7 & IPv6:both,six | IPv4:four=192.0.2.7",
            Show(Dual(FamilyPolicy.PreferDualStack) with { Addresses = Given.Addresses("192.0.2.7") }, [Four, Six, Both])
                .Replace("four,both,six", "both,six", StringComparison.Ordinal));
    }

    public static IEnumerable<TheoryDataRow<string, Reason, string>> Refusals =>
    [
        new("pool:layer2-eip", Reason.PoolNotFound,
            "there is no pool 'layer2-eip'. Pools that exist: bound, four.") { TestDisplayName = "a pool that does not exist names those that do" },
        new("pool:fuor", Reason.PoolNotFound, "Did you mean 'four'?") { TestDisplayName = "a slip of the pen is guessed" },
        new("pool:bound", Reason.PoolNotForService, "only for namespaces db") { TestDisplayName = "a boundary holds against a request for the pool" },
        new("address:203.0.113.9", Reason.PoolNotForService, "only for namespaces db") { TestDisplayName = "and against one for its address" },
        new("address:198.51.100.77", Reason.AddressOutsidePools, "198.51.100.77 is in no pool") { TestDisplayName = "an address of no pool" },
        new("address:2001:db8::1", Reason.FamilyNotWanted, "of IPv4 only") { TestDisplayName = "an address of another family" },
    ];

    [Theory, MemberData(nameof(Refusals))]
    public void A_refusal_says_what_would_help(string asked, Reason expected, string message)
    {
        var service = Given.Service("web/nginx");
        service = asked.StartsWith("pool:", StringComparison.Ordinal)
            ? service with { Pool = new(asked[5..]) }
            : service with { Addresses = Given.Addresses(asked[8..]) };
        var bound = Given.Pool("bound", "203.0.113.0/24") with { Scope = PoolScope.Everyone with { Namespaces = ["db"], Enforced = true } };
        var choice = PoolChoice.Of(service, Given.Configuration(Four, bound), []);
        Assert.Equal(expected, choice.Refusal!.Reason);
        Assert.Contains(message, choice.Refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(FamilyPolicy.SingleStack, "six", "pool 'six' has no IPv4 addresses")]
    [InlineData(FamilyPolicy.RequireDualStack, "six", "pool 'six' has no IPv4 addresses")]
    [InlineData(FamilyPolicy.RequireDualStack, "four", "pool 'four' has no IPv6 addresses")]
    public void A_pool_asked_for_that_lacks_a_family_is_told_of(FamilyPolicy policy, string pool, string message)
    {
        var refusal = PoolChoice.Of(Dual(policy) with { Pool = new(pool) }, Given.Configuration(Four, Six), []).Refusal!;
        Assert.Equal(Reason.FamilyNotInPool, refusal.Reason);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
    }

    public static IEnumerable<TheoryDataRow<FamilyPolicy, IpFamily[], string?, string?, string?>> Wishes =>
        from policy in Enum.GetValues<FamilyPolicy>()
        from families in (IpFamily[][])[[IpFamily.IPv4], [IpFamily.IPv6], [IpFamily.IPv4, IpFamily.IPv6], [IpFamily.IPv6, IpFamily.IPv4]]
        from pool in (string?[])[null, "four", "six", "both", "none"]
        from address in (string?[])[null, "192.0.2.1", "2001:db8::1", "203.0.113.1"]
        from held in (string?[])[null, "four=192.0.2.9", "six=2001:db8::9", "gone=203.0.113.9"]
        select new TheoryDataRow<FamilyPolicy, IpFamily[], string?, string?, string?>(policy, families, pool, address, held);

    [Theory, MemberData(nameof(Wishes), DisableDiscoveryEnumeration = true)]
    public void There_is_an_attempt_or_a_refusal_whatever_is_wished(FamilyPolicy policy, IpFamily[] families, string? pool, string? address, string? held)
    {
        var service = Given.Service("web/nginx") with
        {
            FamilyPolicy = policy, Families = [.. families], Pool = pool is null ? null : new(pool),
            Addresses = address is null ? [] : Given.Addresses(address),
        };
        EquatableList<Holding> holdings = held?.Split('=') is [var home, var had] ? [new(Address.Parse(had), new(home))] : [];
        foreach (var pools in (AddressPool[][])[[], [Four], [Six], [Four, Six, Both]])
        {
            var choice = PoolChoice.Of(service, Given.Configuration(pools), holdings);
            Assert.NotEqual(choice.Attempts.Count > 0, choice.Refusal is not null);
            Assert.All(choice.Attempts, attempt => Assert.NotEmpty(attempt.Shares));
            if (choice.Refusal is { } refusal) Assert.NotEmpty(refusal.Message);
        }
    }

    [Fact]
    public void A_request_with_an_error_gets_nothing_new()
    {
        var service = Given.Service("web/nginx") with {
            Problems = [new(Given.Source("Service", "nginx"), "metadata.annotations", Severity.Error, "two addresses of one family.")] };
        var choice = PoolChoice.Of(service, Given.Configuration(Four), []);
        Assert.Equal(new AllocationOutcome.Refused(Reason.InvalidRequest, "metadata.annotations: two addresses of one family."), choice.Refusal);
    }

    [Fact]
    public void Without_any_pool_the_refusal_says_so()
    {
        Assert.Equal(Reason.NoPool, PoolChoice.Of(Given.Service("web/nginx"), ClusterConfiguration.Empty, []).Refusal!.Reason);
        var refusal = PoolChoice.Of(Given.Service("web/nginx"), Given.Configuration(Four with { AutoAssign = false }), []).Refusal!;
        Assert.Equal(Reason.NoPoolForService, refusal.Reason);
        Assert.Contains("'four' gives only to services that ask for it by name", refusal.Message, StringComparison.Ordinal);
    }

    private static AddressPool Pool(string name) => Given.Pool(name, "192.0.2.0/24");

    private static ServiceRequest Dual(FamilyPolicy policy) =>
        Given.Service("web/nginx") with { Families = [IpFamily.IPv4, IpFamily.IPv6], FamilyPolicy = policy };

    private static string Show(ServiceRequest service, AddressPool[] pools, params Holding[] holdings) =>
        Show(PoolChoice.Of(service, Given.Configuration(pools), [.. holdings]));

    private static string Show(PoolChoice choice) => string.Join(" | ", choice.Attempts.Select(attempt => string.Join(" & ", attempt.Shares.Select(Show))));

    private static string Show(PoolShare share) =>
        $"{string.Join('+', share.Families)}:{string.Join(',', share.Pools)}{string.Concat(share.Wanted.Select(address => $"={address}"))}{string.Concat(share.Left.Select(address => $"-{address}"))}";
}
