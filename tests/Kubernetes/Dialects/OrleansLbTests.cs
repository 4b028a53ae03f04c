using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Kubernetes.Tests.Dialects;

public sealed class OrleansLbTests
{
    private const string Api = "orleanslb.io/v1alpha1";

    [Fact]
    public void A_pool_has_all_that_the_rivals_have()
    {
        var pool = Translate.Single<AddressPool>(Translate.Spec(Api, "AddressPool", """
            addresses: [192.0.2.7, 198.51.100.0/30, "2001:db8::1-2001:db8::9"]
            autoAssign: false
            default: true
            avoidBuggyIPs: true
            disabled: true
            serviceAllocation: {priority: 1, namespaces: [shop], enforced: true}
            """));
        Assert.Equal(["192.0.2.7", "198.51.100.0-198.51.100.3", "2001:db8::1-2001:db8::9"], pool.Ranges.Select(range => range.ToString()));
        Assert.Equal((false, true, true, true, true), (pool.AutoAssign, pool.IsDefault, pool.AvoidBuggyAddresses, pool.Disabled, pool.Scope.Enforced));
    }

    [Fact]
    public void A_pool_says_what_to_do_about_strangers()
    {
        Assert.Equal(ConflictRule.Default, Translate.Single<AddressPool>(Pool("")).Conflicts);
        Assert.Equal(new ConflictRule(Probe: false, Move: true, TimeSpan.FromHours(1)),
            Translate.Single<AddressPool>(Pool("conflicts: {probe: false, whenInUse: Move, quarantine: 1h}")).Conflicts);
        Translate.Refused(Pool("conflicts: {whenInUse: Mvoe}"), "spec.conflicts.whenInUse", "none of Keep, Move");
        Translate.Refused(Pool("conflicts: {quarantine: 0s}"), "spec.conflicts.quarantine", "longer than nothing");
    }

    [Fact]
    public void A_pool_says_how_it_gives_and_to_how_many()
    {
        var pool = Translate.Single<AddressPool>(Pool("""
            order: LeastRecentlyReleased
            quota: {addressesPerNamespace: 3, namespaces: [{name: web, addresses: 10}]}
            draining: true
            whenOutside: Reallocate
            retention: 1h
            sharing: WithinNamespace
            """));
        Assert.Equal((AddressOrder.LeastRecentlyReleased, true, true, TimeSpan.FromHours(1), false),
            (pool.Order, pool.Draining, pool.Reallocates, pool.Retention, pool.SharedAcrossNamespaces));
        Assert.Equal((10, 3), (pool.Quota.Of("web"), pool.Quota.Of("db")));
        Translate.Refused(Pool("order: Lowest"), "spec.order", "none of LowestFirst, RoundRobin, LeastRecentlyReleased");
        Translate.Refused(Pool("quota: {namespaces: [{name: web, addresses: 1}, {name: web, addresses: 2}]}"), "spec.quota.namespaces[1].name",
            "in the list twice");
        Translate.Refused(Pool("quota: {addressesPerNamespace: -1}"), "spec.quota.addressesPerNamespace", "whole number");
    }

    [Fact]
    public void A_quota_is_for_namespaces_by_name_and_by_label_or_for_all()
    {
        var quota = Translate.Single<AddressQuota>(Translate.Spec(Api, "AddressQuota",
            "addresses: 5\nnamespaces: [shop]\nnamespaceSelectors: [{matchLabels: {tier: free}}]"));
        Assert.Equal((5, "shop", 1), (quota.Addresses, Assert.Single(quota.Namespaces), quota.NamespaceSelectors.Count));
        Translate.Refused(Translate.Spec(Api, "AddressQuota", "namespaces: [shop]"), "spec.addresses", "is missing");
        Translate.Refused(Translate.Spec(Api, "AddressQuota", "addresses: -1"), "spec.addresses", "whole number");
        Translate.Refused(Translate.Spec(Api, "AddressQuota", "addresses: 1\nnamespaces: [a, a]"), "spec.namespaces[1]", "in the list twice");
    }

    [Fact]
    public void A_boundary_needs_somebody_inside() =>
        Translate.Refused(Pool("serviceAllocation: {enforced: true, priority: 3}"), "spec.serviceAllocation.enforced", "give some");

    [Fact]
    public void Interfaces_are_names_patterns_or_what_they_reach()
    {
        var layer2 = Translate.Single<Layer2Advertisement>(Translate.Spec(Api, "L2Advertisement",
            "addressPools: [a]\ninterfaces: [eth0, '/en.*/', 'can_reach:192.0.2.1']"));
        Assert.Equal([new InterfaceSelector.Named("eth0"), new InterfaceSelector.Pattern("en.*"),
            new InterfaceSelector.CanReach(Core.Addressing.Address.Parse("192.0.2.1"))], layer2.Interfaces);
        Assert.Equal([new PoolName("a")], layer2.Pools);
        Translate.Refused(Translate.Spec(Api, "L2Advertisement", "interfaces: ['/(/']"), "spec.interfaces[0]", "not a regular expression");
    }

    [Fact]
    public void An_advertisement_says_what_it_leaves_out_and_how_it_announces()
    {
        var layer2 = Translate.Single<Layer2Advertisement>(Translate.Spec(Api, "L2Advertisement",
            "interfaces: [eth0]\nexcludeInterfaces: ['/docker.*/']\nspread: true\nbearer: Loopback\nonConflict: Yield"));
        Assert.Equal([new InterfaceSelector.Named("eth0"), new InterfaceSelector.Except(new InterfaceSelector.Pattern("docker.*"))], layer2.Interfaces);
        Assert.Equal(new(AddressBearer.Loopback, Spread: true, ConflictPolicy.Yield), layer2.Style);
        Assert.Null(Translate.Single<Layer2Advertisement>(Translate.Spec(Api, "L2Advertisement", "spread: false\nbearer: Speaker")).Style);
        Translate.Refused(Translate.Spec(Api, "L2Advertisement", "onConflict: Deffend"), "spec.onConflict", "did you mean 'Defend'?");
        Translate.Refused(Translate.Spec(Api, "L2Advertisement", "spread: true\nbearer: Interface"), "spec.spread", "excludes bearer: Interface");
        Assert.Equal(new(VirtualMac: true), Translate.Single<Layer2Advertisement>(Translate.Spec(Api, "L2Advertisement", "virtualMac: true")).Style);
        Translate.Refused(Translate.Spec(Api, "L2Advertisement", "virtualMac: true\nbearer: Interface"), "spec.virtualMac", "excludes bearer: Interface");
        Translate.Refused(Translate.Spec(Api, "L2Advertisement", "virtualMac: true\nspread: true"), "spec.virtualMac", "excludes spread");
    }

    [Fact]
    public void An_advertisement_by_bgp_has_a_med_and_weights()
    {
        var bgp = Translate.Single<BgpAdvertisement>(Translate.Spec(Api, "BGPAdvertisement", "addressPools: [a]\nmed: 50\nweightByEndpoints: true"));
        Assert.Equal((50u, true, 32, 128), (bgp.Med, bgp.WeightByEndpoints, bgp.AggregationLength, bgp.AggregationLengthV6));
    }

    private static DeclaredConfiguration Pool(string more) => Translate.Spec(Api, "AddressPool", $"addresses: [192.0.2.0/28]\n{more}");

    [Fact]
    public void A_peer_may_be_far_near_or_awaited()
    {
        var far = Translate.Single<BgpPeer>(Translate.Spec(Api, "BGPPeer",
            "myASN: 1\npeerASN: 2\npeerAddress: 192.0.2.1\npeerPort: 20000\nmultihopTTL: 7\npassive: true"));
        Assert.Equal((7, 20000, true, false), (far.MultihopTtl, far.Port, far.Passive, far.Gtsm));
        Assert.True(Translate.Single<BgpPeer>(Translate.Spec(Api, "BGPPeer", "myASN: 1\npeerASN: 2\npeerAddress: 192.0.2.1\ngtsm: true")).Gtsm);
        Translate.Refused(Translate.Spec(Api, "BGPPeer", "myASN: 1\npeerASN: 2\npeerAddress: 192.0.2.1\ngtsm: true\nmultihopTTL: 7"), "spec.gtsm",
            "exclude each other");
    }

    [Theory]
    [InlineData("provider", PeerRole.Provider)]
    [InlineData("rs", PeerRole.RouteServer)]
    [InlineData("rs-client", PeerRole.RouteServerClient)]
    [InlineData("customer", PeerRole.Customer)]
    [InlineData("peer", PeerRole.Peer)]
    public void A_peer_has_a_role(string word, PeerRole role) => Assert.Equal(role, Translate.Single<BgpPeer>(Peer($"role: {word}")).Role);

    [Fact]
    public void A_peer_says_what_its_session_shall_be_like()
    {
        var peer =
            Translate.Single<BgpPeer>(Peer("role: customer\nstrictRole: true\naddPath: true\nnextHop: {ipv4: 192.0.2.9, ipv6: "
                + "'2001:db8::9'}\nenableGracefulRestart: true\ngracefulRestartTime: 1m"));
        Assert.Equal((true, true, new PeerNextHop(Address.Parse("192.0.2.9"), Address.Parse("2001:db8::9")), TimeSpan.FromMinutes(1)),
            (peer.StrictRole, peer.AddPath, peer.NextHop, peer.RestartTime));
        var plain = Translate.Single<BgpPeer>(Peer("nextHop: {}"));
        Assert.Equal((null, false, false, null, null), (plain.Role, plain.StrictRole, plain.AddPath, plain.NextHop, plain.RestartTime));
    }

    [Theory]
    [InlineData("role: costumer", "spec.role", "did you mean 'customer'?")]
    [InlineData("strictRole: true", "spec.strictRole", "needs a role")]
    [InlineData("role: peer\nlocalASN: 2", "spec.role", "internal")]
    [InlineData("addPath: both", "spec.addPath", "true or false")]
    [InlineData("nextHop: {ipv4: '2001:db8::9'}", "spec.nextHop.ipv4", "IPv4 address")]
    [InlineData("nextHop: {ipv6: 192.0.2.9}", "spec.nextHop.ipv6", "IPv6 address")]
    [InlineData("nextHop: {ipv4: 224.0.0.1}", "spec.nextHop.ipv4", "no host")]
    [InlineData("nextHop: {ipv4: 127.0.0.1}", "spec.nextHop.ipv4", "no host")]
    [InlineData("nextHop: {ipv6: 'ff02::1'}", "spec.nextHop.ipv6", "no host")]
    [InlineData("nextHop: {ipv6: 'fe80::1'}", "spec.nextHop.ipv6", "link-local")]
    [InlineData("enableGracefulRestart: true\ngracefulRestartTime: 4096s", "spec.gracefulRestartTime", "1-4095")]
    [InlineData("enableGracefulRestart: true\ngracefulRestartTime: 1500ms", "spec.gracefulRestartTime", "whole seconds")]
    [InlineData("gracefulRestartTime: 60s", "spec.gracefulRestartTime", "enableGracefulRestart")]
    public void A_session_that_cannot_be_is_refused(string spec, string field, string says) => Translate.Refused(Peer(spec), field, says);

    [Theory]
    [InlineData("listenRange: 192.0.2.0/24", "192.0.2.0/24", 100)]
    [InlineData("listenRange: '2001:db8::/64'\nlistenLimit: 1000\npassive: true", "2001:db8::/64", 1000)]
    public void A_peer_may_be_whoever_of_a_range_connects(string spec, string prefix, int limit)
    {
        var peer = Translate.Single<BgpPeer>(Neighbours(spec));
        Assert.Equal((null, null, true, new ListenRange(Prefix.Parse(prefix), limit)), (peer.Address, peer.Interface, peer.Passive, peer.Range));
    }

    [Theory]
    [InlineData("listenRange: 192.0.2.1", "spec.listenRange", "not a prefix")]
    [InlineData("listenRange: 192.0.2.1/24", "spec.listenRange", "192.0.2.0/24")]
    [InlineData("listenRange: 'fe80::/10'", "spec.listenRange", "interface")]
    [InlineData("listenRange: 224.0.0.0/4", "spec.listenRange", "no host")]
    [InlineData("listenRange: 'ff00::/8'", "spec.listenRange", "no host")]
    [InlineData("listenRange: 192.0.2.0/24\npeerAddress: 192.0.2.1", "spec.listenRange", "give one of them")]
    [InlineData("listenRange: 192.0.2.0/24\ninterface: eth0", "spec.listenRange", "give one of them")]
    [InlineData("listenRange: 192.0.2.0/24\nlistenLimit: 0", "spec.listenLimit", "1-1000")]
    [InlineData("listenRange: 192.0.2.0/24\npassive: false", "spec.passive", "dialled")]
    [InlineData("listenRange: 192.0.2.0/24\nsourceAddress: 192.0.2.1", "spec.sourceAddress", "dialled")]
    [InlineData("listenRange: 192.0.2.0/24\nconnectTime: 5s", "spec.connectTime", "dialled")]
    [InlineData("listenRange: 192.0.2.0/24\npeerPort: 1790", "spec.peerPort", "dialled")]
    [InlineData("peerAddress: 192.0.2.1\nlistenLimit: 5", "spec.listenLimit", "give listenRange")]
    public void A_range_that_cannot_be_listened_for_is_refused(string spec, string field, string says) => Translate.Refused(Neighbours(spec), field, says);

    private static DeclaredConfiguration Neighbours(string more) => Translate.Spec(Api, "BGPPeer", $"myASN: 1\npeerASN: 2\n{more}");

    private static DeclaredConfiguration Peer(string more) => Translate.Spec(Api, "BGPPeer", $"myASN: 1\npeerASN: 2\npeerAddress: 192.0.2.1\n{more}");
}
