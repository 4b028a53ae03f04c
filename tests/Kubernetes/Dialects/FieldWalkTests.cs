using OrleansLb.Core.Configuration;

namespace OrleansLb.Kubernetes.Tests.Dialects;

/// <summary>Every field of the kinds of other projects is honoured or said to have no effect: none is dropped in silence.</summary>
public sealed class FieldWalkTests
{
    private const string Conf = "---\napiVersion: network.kubesphere.io/v1alpha2\nkind: BgpConf\nmetadata: {name: default}\nspec: {as: 50000}\n";

    private static readonly FieldWalk Peer2 = new("metallb.io/v1beta2", "BGPPeer", """{"myASN":64500,"peerASN":64501,"peerAddress":"192.0.2.1"}""");
    private static readonly FieldWalk Peer1 = Peer2 with { Api = "metallb.io/v1beta1" };
    private static readonly FieldWalk Advertisement = new("metallb.io/v1beta1", "BGPAdvertisement", "{}");
    private static readonly FieldWalk Profile = new("metallb.io/v1beta1", "BFDProfile", """{"echoMode":true}""");
    private static readonly FieldWalk Names = new("metallb.io/v1beta1", "Community", "{}");
    private static readonly FieldWalk BgpPeer = new("network.kubesphere.io/v1alpha2", "BgpPeer",
        """{"conf":{"peerAs":50001,"neighborAddress":"192.0.2.1"},"gracefulRestart":{"enabled":true},"ebgpMultihop":{"enabled":true}}""", Conf);
    private static readonly FieldWalk BgpConf = new("network.kubesphere.io/v1alpha2", "BgpConf", """{"as":50000,"gracefulRestart":{"enabled":true}}""",
        "---\napiVersion: network.kubesphere.io/v1alpha2\nkind: BgpPeer\nmetadata: {name: tor}\nspec: {conf: {peerAs: 50001, neighborAddress: 192.0.2.1}}\n");

    private static readonly FieldWalk Pool = new("metallb.io/v1beta1", "IPAddressPool",
        """{"addresses":["192.0.2.0/24"],"serviceAllocation":{"namespaces":["a"]}}""");
    private static readonly FieldWalk Layer2 = new("metallb.io/v1beta1", "L2Advertisement", "{}");
    private static readonly FieldWalk Eip = new("network.kubesphere.io/v1alpha2", "Eip",
        """{"address":"192.0.2.0/24","protocol":"layer2","interface":"eth0","namespaces":["a"]}""");

    public static IEnumerable<TheoryDataRow<FieldWalk, string, string, Fate>> Rows =>
    [
        Row(Pool, "addresses", """{"addresses":["192.0.2.0/24","198.51.100.1-198.51.100.9","2001:db8::/64"]}"""),
        Row(Pool, "autoAssign", """{"autoAssign":false}"""),
        Row(Pool, "avoidBuggyIPs", """{"avoidBuggyIPs":true}"""),
        Row(Pool, "serviceAllocation.priority", """{"serviceAllocation":{"priority":7}}"""),
        Row(Pool, "serviceAllocation.namespaces", """{"serviceAllocation":{"namespaces":["b"]}}"""),
        Row(Pool, "serviceAllocation.namespaceSelectors", """{"serviceAllocation":{"namespaceSelectors":[{"matchLabels":{"a":"b"}}]}}"""),
        Row(Pool, "serviceAllocation.serviceSelectors", """{"serviceAllocation":{"serviceSelectors":[{"matchLabels":{"a":"b"}}]}}"""),
        Row(Layer2, "ipAddressPools", """{"ipAddressPools":["front"]}"""),
        Row(Layer2, "ipAddressPoolSelectors", """{"ipAddressPoolSelectors":[{"matchLabels":{"a":"b"}}]}"""),
        Row(Layer2, "nodeSelectors", """{"nodeSelectors":[{"matchLabels":{"a":"b"}}]}"""),
        Row(Layer2, "preferredNodeSelectors", """{"preferredNodeSelectors":[{"weight":7,"preference":{"matchLabels":{"a":"b"}}}]}"""),
        Row(Layer2, "interfaces", """{"interfaces":["eth1"]}"""),
        Row(Layer2, "serviceSelectors", """{"serviceSelectors":[{"matchLabels":{"a":"b"}}]}"""),
        Row(Eip, "address", """{"address":"192.0.2.7"}"""),
        Row(Eip, "protocol", """{"protocol":"bgp"}"""),
        Row(Eip, "interface", """{"interface":"can_reach:192.0.2.1"}"""),
        Row(Eip, "disable", """{"disable":true}"""),
        Row(Eip, "usingKnownIPs", """{"usingKnownIPs":true}""", Fate.Said),
        Row(Eip, "priority", """{"priority":7}"""),
        Row(Eip, "namespaces", """{"namespaces":["b"]}"""),
        Row(Eip, "namespaceSelector", """{"namespaceSelector":{"a":"b"}}"""),
        .. Peer(Peer2),
        Row(Peer2, "dynamicASN", """{"peerASN":null,"dynamicASN":"external"}"""),
        Row(Peer2, "interface", """{"peerAddress":null,"interface":"eth1"}"""),
        Row(Peer2, "localASN", """{"localASN":64600}"""),
        Row(Peer2, "connectTime", """{"connectTime":"7s"}"""),
        Row(Peer2, "vrf", """{"vrf":"red"}"""),
        Row(Peer2, "enableGracefulRestart", """{"enableGracefulRestart":true}"""),
        Row(Peer2, "dualStackAddressFamily", """{"dualStackAddressFamily":true}"""),
        Row(Peer2, "disableMP", """{"disableMP":true}""", Fate.Said),
        Row(Peer2, "passwordSecret", """{"passwordSecret":{"name":"s"}}"""), // the peer waits for it
        .. Peer(Peer1),
        Row(Advertisement, "aggregationLength", """{"aggregationLength":24}"""),
        Row(Advertisement, "aggregationLengthV6", """{"aggregationLengthV6":64}"""),
        Row(Advertisement, "localPref", """{"localPref":200}"""),
        Row(Advertisement, "communities", """{"communities":["64500:100"]}"""),
        Row(Advertisement, "ipAddressPools", """{"ipAddressPools":["front"]}"""),
        Row(Advertisement, "ipAddressPoolSelectors", """{"ipAddressPoolSelectors":[{"matchLabels":{"a":"b"}}]}"""),
        Row(Advertisement, "nodeSelectors", """{"nodeSelectors":[{"matchLabels":{"a":"b"}}]}"""),
        Row(Advertisement, "serviceSelectors", """{"serviceSelectors":[{"matchLabels":{"a":"b"}}]}"""),
        Row(Advertisement, "peers", """{"peers":["tor"]}"""),
        Row(Profile, "receiveInterval", """{"receiveInterval":10}"""),
        Row(Profile, "transmitInterval", """{"transmitInterval":10}"""),
        Row(Profile, "detectMultiplier", """{"detectMultiplier":5}"""),
        Row(Profile, "echoInterval", """{"echoInterval":10}"""),
        Row(Profile, "echoMode", """{"echoMode":false}"""),
        Row(Profile, "passiveMode", """{"passiveMode":true}"""),
        Row(Profile, "minimumTtl", """{"minimumTtl":5}"""),
        Row(Names, "communities", """{"communities":[{"name":"vip","value":"64500:1"}]}"""),
        .. OfBgpPeer(),
        .. OfBgpConf(),
    ];

    [Theory, MemberData(nameof(Rows), DisableDiscoveryEnumeration = true)]
    public void A_field_is_honoured_or_the_reason_is_said(FieldWalk walk, string field, string patch, Fate fate)
    {
        var (before, after) = (walk.Declare("{}"), walk.Declare(patch));
        Assert.DoesNotContain(after.Problems, problem => problem.Severity == Severity.Error);
        var said = after.Problems.Where(problem =>
            problem.Field.StartsWith($"spec.{field}", StringComparison.Ordinal) || $"spec.{field}.".StartsWith($"{problem.Field}.", StringComparison.Ordinal))
                .ToList();
        var changes = !before.Declarations.SequenceEqual(after.Declarations);
        Assert.Equal(fate, changes ? Fate.Honoured : said.Count > 0 ? Fate.Said : Fate.Harmless);
        Assert.All(said, problem => Assert.True(problem.Message.Length > 40, problem.Message)); // a reason, not only a no
    }

    public static TheoryData<FieldWalk> Kinds => [Pool, Layer2, Peer2, Peer1, Advertisement, Profile, Names, Eip, BgpPeer, BgpConf];

    [Theory, MemberData(nameof(Kinds), DisableDiscoveryEnumeration = true)]
    public void No_field_is_left_out_of_the_table(FieldWalk walk)
    {
        var tried = Rows.Where(row => row.Data.Item1 == walk).Select(row => $"spec.{row.Data.Item2}").Distinct();
        Assert.Equal(walk.Fields().Order(StringComparer.Ordinal), tried.Order(StringComparer.Ordinal));
    }

    private static TheoryDataRow<FieldWalk, string, string, Fate> Row(FieldWalk walk, string field, string patch, Fate fate = Fate.Honoured) =>
        new(walk, field, patch, fate) { TestDisplayName = $"{walk.Api} {walk.Kind} {field} {fate}" };

    private static IEnumerable<TheoryDataRow<FieldWalk, string, string, Fate>> Peer(FieldWalk walk) =>
    [
        Row(walk, "myASN", """{"myASN":64999}"""),
        Row(walk, "peerASN", """{"peerASN":64999}"""),
        Row(walk, "peerAddress", """{"peerAddress":"192.0.2.9"}"""),
        Row(walk, "sourceAddress", """{"sourceAddress":"192.0.2.9"}"""),
        Row(walk, "peerPort", """{"peerPort":1790}"""),
        Row(walk, "routerID", """{"routerID":"192.0.2.9"}"""),
        Row(walk, "holdTime", """{"holdTime":"30s"}"""),
        Row(walk, "keepaliveTime", """{"keepaliveTime":"5s"}"""),
        Row(walk, "nodeSelectors", """{"nodeSelectors":[{"matchLabels":{"a":"b"}}]}"""),
        Row(walk, "password", """{"password":"hush"}"""),
        Row(walk, "bfdProfile", """{"bfdProfile":"fast"}"""),
        Row(walk, "ebgpMultiHop", """{"ebgpMultiHop":true}"""),
    ];

    private static IEnumerable<TheoryDataRow<FieldWalk, string, string, Fate>> OfBgpPeer() =>
    [
        Row(BgpPeer, "conf.authPassword", """{"conf":{"authPassword":"hush"}}"""),
        Row(BgpPeer, "conf.description", """{"conf":{"description":"the switch"}}""", Fate.Harmless),
        Row(BgpPeer, "conf.localAs", """{"conf":{"localAs":50009}}"""),
        Row(BgpPeer, "conf.neighborAddress", """{"conf":{"neighborAddress":"192.0.2.9"}}"""),
        Row(BgpPeer, "conf.peerAs", """{"conf":{"peerAs":50009}}"""),
        Row(BgpPeer, "conf.peerGroup", """{"conf":{"peerGroup":"g"}}""", Fate.Said),
        Row(BgpPeer, "conf.peerType", """{"conf":{"peerType":1}}""", Fate.Said),
        Row(BgpPeer, "conf.removePrivateAs", """{"conf":{"removePrivateAs":"all"}}""", Fate.Said),
        Row(BgpPeer, "conf.routeFlapDamping", """{"conf":{"routeFlapDamping":true}}""", Fate.Said),
        Row(BgpPeer, "conf.sendCommunity", """{"conf":{"sendCommunity":1}}""", Fate.Said),
        Row(BgpPeer, "conf.neighborInterface", """{"conf":{"neighborAddress":null,"neighborInterface":"eth1"}}"""),
        Row(BgpPeer, "conf.vrf", """{"conf":{"vrf":"red"}}"""),
        Row(BgpPeer, "conf.allowOwnAs", """{"conf":{"allowOwnAs":1}}""", Fate.Said),
        Row(BgpPeer, "conf.replacePeerAs", """{"conf":{"replacePeerAs":true}}""", Fate.Said),
        Row(BgpPeer, "conf.adminDown", """{"conf":{"adminDown":true}}"""),
        Row(BgpPeer, "ebgpMultihop.enabled", """{"ebgpMultihop":{"enabled":false}}"""),
        Row(BgpPeer, "ebgpMultihop.multihopTtl", """{"ebgpMultihop":{"multihopTtl":4}}"""),
        Row(BgpPeer, "timers.config.connectRetry", """{"timers":{"config":{"connectRetry":"7"}}}"""),
        Row(BgpPeer, "timers.config.holdTime", """{"timers":{"config":{"holdTime":"30"}}}"""),
        Row(BgpPeer, "timers.config.keepaliveInterval", """{"timers":{"config":{"keepaliveInterval":"7"}}}"""),
        Row(BgpPeer, "timers.config.minimumAdvertisementInterval", """{"timers":{"config":{"minimumAdvertisementInterval":"7"}}}""", Fate.Said),
        Row(BgpPeer, "timers.config.idleHoldTimeAfterReset", """{"timers":{"config":{"idleHoldTimeAfterReset":"7"}}}""", Fate.Said),
        .. new[] { "connectRetry", "holdTime", "keepaliveInterval", "minimumAdvertisementInterval", "negotiatedHoldTime", "uptime", "downtime" }
            .Select(name => Row(BgpPeer, $"timers.state.{name}", "{\"timers\":{\"state\":{\"" + name + "\":\"7\"}}}", Fate.Said)),
        Row(BgpPeer, "transport.mtuDiscovery", """{"transport":{"mtuDiscovery":true}}""", Fate.Said),
        Row(BgpPeer, "transport.passiveMode", """{"transport":{"passiveMode":true}}"""),
        Row(BgpPeer, "transport.remoteAddress", """{"transport":{"remoteAddress":"192.0.2.9"}}""", Fate.Said),
        Row(BgpPeer, "transport.remotePort", """{"transport":{"remotePort":1790}}"""),
        Row(BgpPeer, "transport.tcpMss", """{"transport":{"tcpMss":1400}}""", Fate.Said),
        .. Restart(BgpPeer),
        Row(BgpPeer, "afiSafis[0].mpGracefulRestart.config.enabled", """{"afiSafis":[{"mpGracefulRestart":{"config":{"enabled":false}}}]}""", Fate.Said),
        Row(BgpPeer, "afiSafis[0].config.family.afi", """{"afiSafis":[{"config":{"family":{"afi":"AFI_IP6"}}},{"config":{"family":{"afi":"AFI_IP"}}}]}"""),
        Row(BgpPeer, "afiSafis[0].config.family.safi", """{"afiSafis":[{"config":{"family":{"afi":"AFI_IP","safi":"SAFI_MPLS_VPN"}}}]}""", Fate.Said),
        Row(BgpPeer, "afiSafis[0].config.enabled", """{"afiSafis":[{"config":{"family":{"afi":"AFI_IP6"},"enabled":false}}]}""", Fate.Harmless), // as without it
        Row(BgpPeer, "afiSafis[0].addPaths.config.receive", """{"afiSafis":[{"addPaths":{"config":{"receive":true}}}]}""", Fate.Said),
        Row(BgpPeer, "afiSafis[0].addPaths.config.sendMax", """{"afiSafis":[{"addPaths":{"config":{"sendMax":10}}}]}"""),
        Row(BgpPeer, "nodeSelector", """{"nodeSelector":{"matchLabels":{"a":"b"}}}"""),
    ];

    private static IEnumerable<TheoryDataRow<FieldWalk, string, string, Fate>> OfBgpConf() =>
    [
        Row(BgpConf, "as", """{"as":50009}"""),
        Row(BgpConf, "asPerRack", """{"asPerRack":{"left":50011}}"""),
        Row(BgpConf, "routerId", """{"routerId":"192.0.2.9"}"""),
        Row(BgpConf, "listenPort", """{"listenPort":17900}"""),
        Row(BgpConf, "listenAddresses", """{"listenAddresses":["192.0.2.9"]}"""),
        Row(BgpConf, "families", """{"families":[65537]}""", Fate.Said),
        Row(BgpConf, "useMultiplePaths", """{"useMultiplePaths":true}""", Fate.Said),
        Row(BgpConf, "policy", """{"policy":"rules"}""", Fate.Said),
        .. Restart(BgpConf),
    ];

    private static IEnumerable<TheoryDataRow<FieldWalk, string, string, Fate>> Restart(FieldWalk walk) =>
    [
        Row(walk, "gracefulRestart.enabled", """{"gracefulRestart":{"enabled":false}}"""),
        Row(walk, "gracefulRestart.restartTime", """{"gracefulRestart":{"restartTime":7}}"""),
        Row(walk, "gracefulRestart.helperOnly", """{"gracefulRestart":{"helperOnly":true}}"""),
        Row(walk, "gracefulRestart.deferralTime", """{"gracefulRestart":{"deferralTime":7}}""", Fate.Said),
        Row(walk, "gracefulRestart.notificationEnabled", """{"gracefulRestart":{"notificationEnabled":false}}""", Fate.Said),
        Row(walk, "gracefulRestart.longlivedEnabled", """{"gracefulRestart":{"longlivedEnabled":true}}""", Fate.Said),
        Row(walk, "gracefulRestart.staleRoutesTime", """{"gracefulRestart":{"staleRoutesTime":7}}""", Fate.Said),
        Row(walk, "gracefulRestart.peerRestartTime", """{"gracefulRestart":{"peerRestartTime":7}}""", Fate.Said),
        Row(walk, "gracefulRestart.peerRestarting", """{"gracefulRestart":{"peerRestarting":true}}""", Fate.Said),
        Row(walk, "gracefulRestart.localRestarting", """{"gracefulRestart":{"localRestarting":true}}""", Fate.Said),
        Row(walk, "gracefulRestart.mode", """{"gracefulRestart":{"mode":"x"}}""", Fate.Said),
    ];
}
