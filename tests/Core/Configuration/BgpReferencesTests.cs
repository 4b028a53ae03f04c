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
        new([Advertisement("a") with { LocalPref = 100 }, Advertisement("b") with { LocalPref = 200, AggregationLength = 24 }],
            null) { TestDisplayName = "another length" },
        new([Advertisement("a") with { LocalPref = 100, Peers = ["p"] }, Advertisement("b") with { LocalPref = 200, Peers = ["q"] }],
            null) { TestDisplayName = "other peers" },
        new([Advertisement("a") with { LocalPref = 100, Pools = [new("other")] }, Advertisement("b") with { LocalPref = 200, Pools = [new("front")] }],
            null) { TestDisplayName = "other pools" },
        new([Advertisement("a") with { LocalPref = 100, NodeSelectors = RackA }, Advertisement("b") with { LocalPref = 200, NodeSelectors = RackB }],
            null) { TestDisplayName = "other nodes" },
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

    private static CommunityAlias Alias(string name) => new(Given.Source("Community", "z"), default, name, new Community.Standard(1));

    private static BgpAdvertisement Advertisement(string name) =>
        new(Given.Source("BGPAdvertisement", name), default, name, [], [], [], [], [], 32, 128, null, []);

    private static ClusterConfiguration Compile(Declaration[] declared, ClusterConfiguration? live = null) =>
        ConfigurationCompiler.Compile(new([Given.Pool("front", "192.0.2.0/28"), Given.Pool("other", "198.51.100.0/28"), .. declared], [], []),
            live ?? ClusterConfiguration.Empty);
}
