using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Core.Tests.Configuration;

/// <summary>What BGP objects say of each other.</summary>
public sealed class BgpReferencesTests
{
    private static readonly EquatableList<LabelSelector> RackA = [Given.Selector("rack", "a")];
    private static readonly EquatableList<LabelSelector> RackB = [Given.Selector("rack", "b")];
    private static readonly EquatableList<LabelSelector> ZoneB = [Given.Selector("zone", "b")];

    public static IEnumerable<TheoryDataRow<Declaration[], string?>> Faults =>
    [
        new([Peer("a"), Peer("b")], "BGPPeer b: spec.peerAddress: peer 'a' (BGPPeer a) is the same router for the same nodes; remove one, or give them "
            + "nodeSelectors that exclude each other.") { TestDisplayName = "one router twice" },
        new([Peer("a"), Peer("b") with { Port = 1179 }], null) { TestDisplayName = "another port" },
        new([Peer("a"), Peer("b") with { Vrf = "red" }], null) { TestDisplayName = "another VRF" },
        new([Peer("a") with { NodeSelectors = RackA }, Peer("b") with { NodeSelectors = RackB }], null) { TestDisplayName = "one router for two racks" },
        new([Peer("a") with { NodeSelectors = RackA }, Peer("b") with { NodeSelectors = [RackB[0], RackA[0]] }],
            "BGPPeer b: spec.peerAddress: peer 'a' (BGPPeer a) is the same router for the same nodes; remove one, or give them "
                + "nodeSelectors that exclude each other.") { TestDisplayName = "one rack in both" },
        new([Unnumbered("a", "eth0"), Unnumbered("b", "eth1")], null) { TestDisplayName = "two unnumbered peers" },
        new([Unnumbered("a", "eth0"), Unnumbered("b", "eth0")], "BGPPeer b: spec.interface: peer 'a' (BGPPeer a) is the same router for the same nodes; "
            + "remove one, or give them nodeSelectors that exclude each other.") { TestDisplayName = "one interface twice" },
        new([Range("a", "192.0.2.0/24"), Range("b", "192.0.2.0/25"), Peer("c")], null) { TestDisplayName = "a range in a range, and a router in both" },
        new([Range("a", "192.0.2.0/24"), Range("b", "192.0.2.0/24")], "BGPPeer b: spec.listenRange: peer 'a' (BGPPeer a) is the same router for the same "
            + "nodes; remove one, or give them nodeSelectors that exclude each other.") { TestDisplayName = "one range twice" },
        new([Advertisement("a") with { Communities = [new Community.Named("custmers")] }, Alias("customers")],
            "BGPAdvertisement a: spec.communities: there is no community 'custmers'; create a Community that gives the name a value, or write the value, such "
                + "as 64500:100. Did you mean 'customers'?") { TestDisplayName = "an unknown community" },
        new([Advertisement("a") with { Communities = [new Community.Named("customers"), new Community.Named("no-export")] }, Alias("customers")],
            null) { TestDisplayName = "an alias that comes later, and a well-known name" },
        new([Advertisement("a") with { LocalPref = 100 }, Advertisement("b") with { LocalPref = 200 }],
            "BGPAdvertisement b: spec.localPref: invalid local preference 200: 100 was already set by BGPAdvertisement a for the same prefixes, peers and "
                + "nodes; give both the same, or part them by peers, nodeSelectors or aggregationLength.") { TestDisplayName = "two preferences" },
        new([Advertisement("a") with { LocalPref = 100 }, Advertisement("b")], null) { TestDisplayName = "one preference" },
        new([Advertisement("a") with { LocalPref = 100 }, Advertisement("b") with { LocalPref = 200, AggregationLength = 28 }],
            null) { TestDisplayName = "another length" },
        new([Advertisement("a") with { LocalPref = 100, Peers = ["p"] }, Advertisement("b") with { LocalPref = 200, Peers = ["q"] }],
            null) { TestDisplayName = "other peers" },
        new([Advertisement("a") with { LocalPref = 100, Pools = [new("other")] }, Advertisement("b") with { LocalPref = 200, Pools = [new("front")] }],
            null) { TestDisplayName = "other pools" },
        new([Advertisement("a") with { LocalPref = 100, NodeSelectors = RackA }, Advertisement("b") with { LocalPref = 200, NodeSelectors = RackB }],
            null) { TestDisplayName = "other nodes" },
        new([Advertisement("a") with { Pools = [new("front")], AggregationLength = 27 }],
            "BGPAdvertisement a: spec.aggregationLength: invalid aggregation length 27: 192.0.2.0-192.0.2.15 of pool 'front' has no whole /27, so that "
                + "addresses of others would be announced with it; make it at least 28, or leave the pool out.") { TestDisplayName = "an aggregate wider than its pool" },
        new([Advertisement("a") with { Pools = [new("front")], AggregationLengthV6 = 64 }],
            null) { TestDisplayName = "an aggregate of a family that the pool has not" },
        new([Peer("a") with { BfdProfile = "fats" }, Profile("fast")],
            "BGPPeer a: spec.bfdProfile: referencing non existing bfd profile 'fats'; create a BFDProfile of that name, or remove the "
                + "reference. Did you mean 'fast'?") { TestDisplayName = "a BFD profile that is not there" },
        new([Peer("a") with { BfdProfile = "fast" }, Profile("fast")], null) { TestDisplayName = "a BFD profile that comes later" },
        new([Peer("a") with { BfdProfile = "fast" }, Profile("fast") with { EchoInterval = TimeSpan.FromMilliseconds(50) }, Advertisement("b")],
            null) { TestDisplayName = "echo without IPv6" },
        new([Peer("a") with { BfdProfile = "fast" }, Profile("fast") with { EchoInterval = TimeSpan.FromMilliseconds(50) }, Advertisement("b"),
            Given.Pool("six", "2001:db8::/64")],
            "BFDProfile fast: spec.echoMode: the IPv6 pool 'six' is advertised by 'b' to peer 'a', whose BFD profile 'fast' has the echo mode, which there is "
                + "not for IPv6; turn echoMode off, or part them by pools and peers.") { TestDisplayName = "echo with IPv6" },
        new([Peer("a") with { BfdProfile = "fast" }, Profile("fast") with { EchoInterval = TimeSpan.FromMilliseconds(50) },
            Advertisement("b") with { Peers = ["c"] }, Given.Pool("six", "2001:db8::/64")], null) { TestDisplayName = "IPv6 for another peer" },
        new([Advertisement("a"), Advertisement("a") with { Source = new("metallb.io/v1beta1", "BGPAdvertisement", "metallb-system", "a") }],
            "BGPAdvertisement metallb-system/a: metadata.name: 'a' is declared already by BGPAdvertisement a; give one of them another name.") { TestDisplayName = "one name in two dialects" },
    ];

    [Theory, MemberData(nameof(Faults))]
    public void An_object_that_contradicts_another_is_refused_with_the_cure(Declaration[] declared, string? expected) =>
        Assert.Equal(expected is null ? [] : [expected],
            Compile(declared).Problems.Where(problem => problem.Severity == Severity.Error).Select(problem => problem.ToString()));

    [Fact]
    public void What_was_right_stays_live_when_it_turns_wrong()
    {
        var live = Compile([Peer("a"), Peer("b") with { Port = 1179 }]);
        var next = Compile([Peer("a"), Peer("b")], live);
        Assert.Equal([179, 1179], next.BgpPeers.Select(peer => peer.Port).Order());
    }

    [Fact]
    public void A_pool_that_an_aggregate_which_is_live_does_not_fit_is_refused_and_the_others_go_on()
    {
        var live = Compile([Advertisement("wide") with { AggregationLength = 24, Pools = [] , PoolSelectors = [Given.Selector("net", "big")] }]);
        var narrow = Given.Pool("narrow", "203.0.113.0/26") with { Labels = Given.Labelled("net", "big") };
        var next = Compile([.. live.BgpAdvertisements, narrow], live);
        Assert.Equal("AddressPool narrow: spec.addresses[0]: 203.0.113.0-203.0.113.63 has no whole /24, the invalid aggregation length that BGPAdvertisement "
            + "wide announces this pool with; "
            + "give the range a whole /24, or have the advertisement name its pools and leave this one out.",
                Assert.Single(next.Problems, problem => problem.Severity == Severity.Error).ToString());
        Assert.Equal((2, 1), (next.Pools.Count, next.BgpAdvertisements.Count));
        Assert.Equal(3, Compile([Advertisement("wide"), narrow], next).Pools.Count);
    }

    [Theory]
    [InlineData("peer")]
    [InlineData("profile")]
    [InlineData("advertisement")]
    [InlineData("pool")]
    public void Of_those_that_make_echo_over_IPv6_the_last_is_refused(string last)
    {
        var all = new Dictionary<string, Declaration>(StringComparer.Ordinal)
        {
            ["profile"] = Profile("fast") with { EchoInterval = TimeSpan.FromMilliseconds(50) },
            ["peer"] = Peer("a") with { BfdProfile = "fast" },
            ["advertisement"] = Advertisement("b"),
            ["pool"] = Given.Pool("six", "2001:db8::/64"),
        };
        var before = all.Where(entry => entry.Key != last).Select(entry => entry.Key == "peer" && last == "profile" ? Peer("a") : entry.Value).ToArray();
        var live = Compile(before);
        Assert.DoesNotContain(live.Problems, problem => problem.Severity == Severity.Error);
        if (last == "profile") live = Compile([.. before.Where(declaration => declaration is not BgpPeer), all["peer"], Profile("fast")], live);
        var next = Compile([.. all.Values], live);
        Assert.Equal(all[last].Source, Assert.Single(next.Problems, problem => problem.Severity == Severity.Error).Object);
        Assert.Equal(live.Declarations.Count(), next.Declarations.Count());
    }

    [Fact]
    public void Two_profiles_of_one_name_with_echo_are_an_error_like_any_other()
    {
        var fast = Profile("fast") with { EchoInterval = TimeSpan.FromMilliseconds(50) };
        var twice = fast with { Source = fast.Source with { Namespace = "elsewhere" } };
        var live = Compile([fast, twice, Peer("a") with { BfdProfile = "fast" }, Advertisement("b")]);
        Assert.Contains("is declared already", Assert.Single(live.Problems, problem => problem.Severity == Severity.Error).Message, StringComparison.Ordinal);
        Assert.Equal((1, 1), (live.BfdProfiles.Count, live.BgpPeers.Count));
    }

    /// <summary>With MetalLB a reference to what is not there leaves everything as it was; a profile that is in use cannot even be deleted.</summary>
    [Fact]
    public void What_is_live_goes_on_with_what_it_refers_to_when_that_is_deleted()
    {
        Declaration[] declared = [Peer("a") with { BfdProfile = "fast" }, Advertisement("b") with { Communities = [new Community.Named("customers")] }];
        var live = Compile([.. declared, Profile("fast"), Alias("customers"), Alias("unused")]);
        var next = Compile(declared, live);
        Assert.Equal(["BGPAdvertisement b", "BGPPeer a"], next.Refused.Select(source => source.ToString()).Order());
        Assert.Equal((live.BgpPeers, live.BgpAdvertisements, live.BfdProfiles), (next.BgpPeers, next.BgpAdvertisements, next.BfdProfiles));
        Assert.Equal(["customers"], next.Communities.Select(alias => alias.Name));
        Assert.Same(next, Compile(declared, next));

        var another = Alias("customers") with { Source = Given.Source("Community", "y"), Value = new Community.Standard(2) };
        Assert.Equal([another], Compile([.. declared, another], next).Communities);
        Assert.Empty(Compile([Peer("a"), Advertisement("b")], next).Communities);
    }

    /// <summary>The record tells what was accepted before a restart of everything: that stands in for what was live.</summary>
    [Fact]
    public void What_was_accepted_goes_on_with_what_it_refers_to_over_a_restart()
    {
        Declaration[] declared = [Peer("a") with { BfdProfile = "fast" }, Advertisement("b") with { Communities = [new Community.Named("customers")] }];
        Declaration[] accepted = [.. declared, Profile("fast"), Alias("customers"), Alias("unused"), Given.Pool("gone", "198.51.100.0/24")];
        var next = ConfigurationCompiler.Compile(new([.. declared], [], [], [.. accepted]), ClusterConfiguration.Empty);
        Assert.Equal([.. declared, Alias("customers"), Profile("fast")], next.Declarations);
        Assert.Equal(["BGPAdvertisement b", "BGPPeer a"], next.Refused.Select(source => source.ToString()).Order());
    }

    [Fact]
    public void What_refers_to_what_is_not_there_waits_for_it()
    {
        var live = Compile([Peer("a") with { BfdProfile = "fast" }]);
        Assert.Empty(live.BgpPeers);
        Assert.Single(Compile([Peer("a") with { BfdProfile = "fast" }, Profile("fast")], live).BgpPeers);
        var edited = Compile([Peer("a") with { BfdProfile = "fast" }], Compile([Peer("a")]));
        Assert.Null(Assert.Single(edited.BgpPeers).BfdProfile);
    }

    public static IEnumerable<TheoryDataRow<Declaration[], string>> Warnings =>
    [
        new([Peer("a") with { NodeSelectors = RackA }, Peer("b") with { NodeSelectors = ZoneB }],
            "BGPPeer b: spec.nodeSelectors: a node that peer 'a' selects too") { TestDisplayName = "selectors that may meet" },
    ];

    [Theory, MemberData(nameof(Warnings))]
    public void What_may_not_be_meant_is_said(Declaration[] declared, string expected)
    {
        var live = Compile(declared);
        Assert.Contains(live.Problems, problem => problem.Severity == Severity.Warning && problem.ToString().StartsWith(expected, StringComparison.Ordinal));
        Assert.Equal(declared.OfType<BgpPeer>().Count(), live.BgpPeers.Count);
    }

    private static BgpPeer Peer(string name) =>
        new(Given.Source("BGPPeer", name), default, name, 64500, new RemoteAs.Number(64501), Address.Parse("192.0.2.254"), null, []);

    private static BgpPeer Unnumbered(string name, string device) => Peer(name) with { Address = null, Interface = device };

    private static BgpPeer Range(string name, string prefix) => Peer(name) with { Address = null, Range = new(Prefix.Parse(prefix), 5) };

    private static BfdProfile Profile(string name) =>
        new(Given.Source("BFDProfile", name), default, name, TimeSpan.FromMilliseconds(300), TimeSpan.FromMilliseconds(300), 3, null, false, null);

    private static CommunityAlias Alias(string name) => new(Given.Source("Community", "z"), default, name, new Community.Standard(1));

    private static BgpAdvertisement Advertisement(string name) =>
        new(Given.Source("BGPAdvertisement", name), default, name, [], [], [], [], [], 32, 128, null, []);

    private static ClusterConfiguration Compile(Declaration[] declared, ClusterConfiguration? live = null) =>
        ConfigurationCompiler.Compile(new([Given.Pool("front", "192.0.2.0/28"), Given.Pool("other", "198.51.100.0/28"), .. declared], [], []),
            live ?? ClusterConfiguration.Empty);
}
