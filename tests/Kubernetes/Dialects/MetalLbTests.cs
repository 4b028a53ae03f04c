using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Kubernetes.Dialects;

namespace OrleansLb.Kubernetes.Tests.Dialects;

public sealed class MetalLbTests
{
    [Fact]
    public void A_pool_keeps_every_field()
    {
        var pool = Translate.Single<AddressPool>(Pool("""
            addresses: [192.0.2.0/28, 198.51.100.5-198.51.100.9, "2001:db8::/64"]
            autoAssign: false
            avoidBuggyIPs: true
            serviceAllocation:
              priority: 50
              namespaces: [shop, bank]
              namespaceSelectors: [{matchLabels: {tier: front}}]
              serviceSelectors: [{matchExpressions: [{key: app, operator: Exists}]}]
            """));
        Assert.Equal(["192.0.2.0-192.0.2.15", "198.51.100.5-198.51.100.9", "2001:db8::-2001:db8::ffff:ffff:ffff:ffff"],
            pool.Ranges.Select(range => range.ToString()));
        Assert.Equal((false, true, 50), (pool.AutoAssign, pool.AvoidBuggyAddresses, pool.Scope.Priority));
        Assert.Equal(["shop", "bank"], pool.Scope.Namespaces);
        Assert.Equal([new LabelSelector([new("tier", LabelOperator.In, ["front"])])], pool.Scope.NamespaceSelectors);
        Assert.Equal([new LabelSelector([new("app", LabelOperator.Exists, [])])], pool.Scope.ServiceSelectors);
    }

    [Theory]
    [InlineData("namespaces: [shop]", true)]
    [InlineData("namespaceSelectors: [{matchLabels: {tier: front}}]", true)]
    [InlineData("serviceSelectors: [{matchLabels: {app: web}}]", true)]
    [InlineData("priority: 5", false)]
    public void A_pool_for_some_is_a_boundary_for_requests_too(string allocation, bool expected) =>
        Assert.Equal(expected, Translate.Single<AddressPool>(Pool($"addresses: [192.0.2.0/24]\nserviceAllocation: {{{allocation}}}")).Scope.Enforced);

    [Fact]
    public void Objects_outside_of_the_namespace_of_the_others_are_named()
    {
        var declared = Translate.Configuration(string.Join("\n---\n", new[] { "metallb-system", "metallb-system", "default" }.Select((ns, i) =>
            $"{{apiVersion: metallb.io/v1beta1, kind: IPAddressPool, metadata: {{name: p{i}, namespace: {ns}}}, spec: {{addresses: [10.{i}.0.0/24]}}}}")));
        var problem = Assert.Single(declared.Problems);
        Assert.Equal((Severity.Warning, "p2", "metadata.namespace"), (problem.Severity, problem.Object.Name, problem.Field));
        Assert.Contains("resource must be created in metallb-system namespace", problem.Message, StringComparison.Ordinal);
        Assert.Equal(3, declared.Declarations.Count);
    }

    [Fact]
    public void Priority_zero_comes_last() =>
        Assert.Null(Translate.Single<AddressPool>(Pool("addresses: [192.0.2.0/24]\nserviceAllocation: {priority: 0}")).Scope.Priority);

    [Theory]
    [InlineData("addresses: []", "spec.addresses", "pool has no prefixes defined")]
    [InlineData("autoAssign: true", "spec.addresses", "pool has no prefixes defined")]
    [InlineData("addresses: [192.0.2.1]", "spec.addresses[0]", "192.0.2.1/32")]
    [InlineData("addresses: [192.0.2.0/33]", "spec.addresses[0]", "not a CIDR prefix")]
    [InlineData("addresses: [192.0.2.9-192.0.2.1]", "spec.addresses[0]", "ends before it starts")]
    [InlineData("addresses: [192.0.2.0/24, 192.0.2.200-192.0.2.210]", "spec.addresses[1]", "overlaps with")]
    [InlineData("addresses: 192.0.2.0/24", "spec.addresses", "must be a list")]
    [InlineData("addresses: [192.0.2.0/24]\nautoAssign: often", "spec.autoAssign", "true or false")]
    [InlineData("addresses: [192.0.2.0/24]\nautoasign: true", "spec.autoasign", "did you mean 'autoAssign'")]
    [InlineData("addresses: [192.0.2.0/24]\nserviceAllocation: {namespaces: [a, a]}", "spec.serviceAllocation.namespaces[1]", "duplicate definition")]
    [InlineData("addresses: [192.0.2.0/24]\nserviceAllocation: {serviceSelectors: [{matchExpressions: [{key: a, operator: Has}]}]}",
        "spec.serviceAllocation.serviceSelectors[0].matchExpressions[0].operator", "invalid label selector")]
    [InlineData("addresses: [192.0.2.0/24]\nserviceAllocation: {serviceSelectors: [{matchExpressions: [{key: a, operator: In, values: [b, b]}]}]}",
        "spec.serviceAllocation.serviceSelectors[0].matchExpressions[0].values", "duplicate")]
    public void A_wrong_pool_is_refused_by_field(string spec, string field, string says) => Translate.Refused(Pool(spec), field, says);

    [Fact]
    public void Several_faults_are_all_told() =>
        Assert.Equal(["spec.addresses[0]", "spec.addresses[1]", "spec.autoAssign"],
            Pool("addresses: [nonsense, 1.2.3.4/99]\nautoAssign: 3").Problems.Select(problem => problem.Field));

    [Fact]
    public void A_problem_names_file_and_line() =>
        Assert.StartsWith("file.yaml:1: IPAddressPool metallb-system/x: spec.addresses[0]: ", Pool("addresses: [192.0.2.1]").Problems[0].ToString(),
            StringComparison.Ordinal);

    [Fact]
    public void An_advertisement_by_layer_2_keeps_every_field()
    {
        var layer2 = Translate.Single<Layer2Advertisement>(Translate.Spec("metallb.io/v1beta1", "L2Advertisement", """
            ipAddressPools: [one, two]
            ipAddressPoolSelectors: [{matchLabels: {zone: east}}]
            nodeSelectors: [{matchLabels: {role: edge}}]
            preferredNodeSelectors: [{weight: 80, preference: {matchLabels: {disk: ssd}}}]
            serviceSelectors: [{matchLabels: {app: web}}]
            interfaces: [eth0, bond1.100]
            """));
        Assert.Equal([new PoolName("one"), new PoolName("two")], layer2.Pools);
        Assert.Equal([Match("zone", "east")], layer2.PoolSelectors);
        Assert.Equal([Match("role", "edge")], layer2.NodeSelectors);
        Assert.Equal([new PreferredNodes(80, Match("disk", "ssd"))], layer2.PreferredNodes);
        Assert.Equal([Match("app", "web")], layer2.ServiceSelectors);
        Assert.Equal([new InterfaceSelector.Named("eth0"), new InterfaceSelector.Named("bond1.100")], layer2.Interfaces);
    }

    [Fact]
    public void An_advertisement_without_a_spec_is_of_everything() =>
        Assert.Empty(
            Translate.Single<Layer2Advertisement>(Translate.Configuration("apiVersion: metallb.io/v1beta1\nkind: L2Advertisement\nmetadata: {name: all}\n"))
                .Pools);

    [Theory]
    [InlineData("ipAddressPools: [a, a]", "spec.ipAddressPools[1]", "duplicate definition of ipAddressPools")]
    [InlineData("nodeSelectors: [{matchLabels: {a: b}}, {matchLabels: {a: b}}]", "spec.nodeSelectors[1]", "duplicate definition of nodeSelectors")]
    [InlineData("nodeSelectors: [{matchExpressions: [{key: a, operator: In, values: [b, c]}, {key: a, operator: In, values: [c, b]}]}]",
        "spec.nodeSelectors[0].matchExpressions[1]", "duplicate definition of match expressions")]
    [InlineData("preferredNodeSelectors: [{weight: 0, preference: {}}]", "spec.preferredNodeSelectors[0].weight", "1-100")]
    [InlineData("interfaces: [much-too-long-for-linux]", "spec.interfaces[0]", "1 to 15 characters")]
    public void A_wrong_advertisement_by_layer_2_is_refused(string spec, string field, string says) =>
        Translate.Refused(Translate.Spec("metallb.io/v1beta1", "L2Advertisement", spec), field, says);

    [Fact]
    public void An_advertisement_by_bgp_keeps_every_field()
    {
        var bgp = Translate.Single<BgpAdvertisement>(Translate.Spec("metallb.io/v1beta1", "BGPAdvertisement", """
            ipAddressPools: [one]
            aggregationLength: 24
            aggregationLengthV6: 64
            localPref: 200
            communities: ["64500:1", "large:64500:1:2", vip]
            peers: [tor]
            nodeSelectors: [{matchLabels: {role: edge}}]
            """));
        Assert.Equal((24, 64, 200u), (bgp.AggregationLength, bgp.AggregationLengthV6, bgp.LocalPref));
        Assert.Equal([new Community.Standard((64500u << 16) | 1), new Community.Large(64500, 1, 2), new Community.Named("vip")], bgp.Communities);
        Assert.Equal(["tor"], bgp.Peers);
    }

    [Theory]
    [InlineData("aggregationLength: 33", "spec.aggregationLength", "1-32")]
    [InlineData("aggregationLengthV6: 0", "spec.aggregationLengthV6", "1-128")]
    [InlineData("communities: ['70000:1']", "spec.communities[0]", "invalid community")]
    [InlineData("communities: ['big:1:2:3']", "spec.communities[0]", "invalid community")]
    [InlineData("communities: ['1:2', '1:2']", "spec.communities[1]", "duplicate definition of community")]
    [InlineData("aggregationLength: 24\nserviceSelectors: [{matchLabels: {a: b}}]", "spec.serviceSelectors", "mutually exclusive")]
    [InlineData("peers: [a, a]", "spec.peers[1]", "duplicate definition of peers")]
    public void A_wrong_advertisement_by_bgp_is_refused(string spec, string field, string says) =>
        Translate.Refused(Translate.Spec("metallb.io/v1beta1", "BGPAdvertisement", spec), field, says);

    [Theory]
    [InlineData("v1beta1")]
    [InlineData("v1beta2")]
    public void A_peer_keeps_every_field(string version)
    {
        var peer = Translate.Single<BgpPeer>(Translate.Spec($"metallb.io/{version}", "BGPPeer", """
            myASN: 64500
            peerASN: 4200000000
            peerAddress: 2001:db8::1
            sourceAddress: 2001:db8::2
            peerPort: 1790
            holdTime: 1m30s
            routerID: 10.0.0.7
            ebgpMultiHop: true
            password: hush
            bfdProfile: fast
            nodeSelectors: [{matchLabels: {rack: r1}}]
            """));
        Assert.Equal((64500u, new RemoteAs.Number(4200000000), 1790, 255), (peer.LocalAsn, peer.RemoteAs, peer.Port, peer.MultihopTtl!.Value));
        Assert.Equal((TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(30)), (peer.HoldTime!.Value, peer.KeepaliveTime!.Value));
        Assert.Equal((Address.Parse("10.0.0.7"), Address.Parse("2001:db8::2"), "fast"), (peer.RouterId!.Value, peer.SourceAddress!.Value, peer.BfdProfile));
        Assert.Equal("hush", peer.Password!.Value.Value);
        Assert.DoesNotContain("hush", peer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_unnumbered_peer_of_another_as_is_one()
    {
        var peer =
            Translate.Single<BgpPeer>(Peer("dynamicASN: external\ninterface: eth1\nvrf: red\nenableGracefulRestart: true\ndualStackAddressFamily: "
                + "true\nlocalASN: 65001\nconnectTime: 5s", endpoint: false));
        Assert.Equal((new RemoteAs.External(), "eth1", "red", true, true, 65001u),
            (peer.RemoteAs, peer.Interface, peer.Vrf, peer.GracefulRestart, peer.DualStack, peer.LocalAs!.Value));
        Assert.Equal(TimeSpan.FromSeconds(5), peer.ConnectRetryTime);
    }

    [Fact]
    public void A_keepalive_alone_gives_a_hold_time_of_three() =>
        Assert.Equal(TimeSpan.FromSeconds(30), Translate.Single<BgpPeer>(Peer("peerASN: 1\nkeepaliveTime: 10s")).HoldTime);

    [Theory]
    [InlineData("peerASN: 1\ndynamicASN: internal", "spec.dynamicASN", "both peer ASN and dynamicASN")]
    [InlineData("holdTime: 90s", "spec.peerASN", "missing peer ASN and dynamicASN")]
    [InlineData("dynamicASN: sideways", "spec.dynamicASN", "invalid dynamicASN")]
    [InlineData("peerASN: 64500\nebgpMultiHop: true", "spec.ebgpMultiHop", "ibgp peer")]
    [InlineData("dynamicASN: internal\nebgpMultiHop: true", "spec.ebgpMultiHop", "ibgp peer")]
    [InlineData("peerASN: 1\ninterface: eth0", "spec.interface", "both Address and Interface")]
    [InlineData("peerASN: 1\nholdTime: 2s", "spec.holdTime", "must be 0 or >=3s")]
    [InlineData("peerASN: 1\nholdTime: 30s\nkeepaliveTime: 40s", "spec.keepaliveTime", "must be lower than holdTime")]
    [InlineData("peerASN: 1\nholdTime: soon", "spec.holdTime", "not a length of time")]
    [InlineData("peerASN: 1\nrouterID: fe80::1", "spec.routerID", "invalid router ID")]
    [InlineData("peerASN: 1\nsourceAddress: here", "spec.sourceAddress", "not an IP address")]
    [InlineData("peerASN: 1\npeerPort: 20000", "spec.peerPort", "16384")]
    [InlineData("peerASN: 1\nconnectTime: 1500ms", "spec.connectTime", "whole seconds")]
    [InlineData("peerASN: 0", "spec.peerASN", "missing peer ASN and dynamicASN")]
    [InlineData("peerASN: 4294967296", "spec.peerASN", "0-4294967295")]
    public void A_wrong_peer_is_refused(string spec, string field, string says) => Translate.Refused(Peer(spec), field, says);

    [Theory]
    [InlineData("myASN: 1\npeerASN: 2", "spec.peerAddress", "no Address or Interface")]
    [InlineData("peerASN: 2\npeerAddress: 192.0.2.1", "spec.myASN", "missing local ASN")]
    [InlineData("myASN: 1\npeerASN: 2\npeerAddress: router1", "spec.peerAddress", "not an IP address")]
    public void A_peer_without_essentials_is_refused(string spec, string field, string says) =>
        Translate.Refused(Translate.Spec("metallb.io/v1beta2", "BGPPeer", spec), field, says);

    [Fact]
    public void A_password_comes_from_a_secret_of_the_right_type()
    {
        const string spec = "peerASN: 1\npasswordSecret: {name: s, namespace: ns}";
        Assert.Equal("pw", Translate.Single<BgpPeer>(Peer(spec, secret: new("kubernetes.io/basic-auth", new SecretText("pw")))).Password!.Value.Value);
        Translate.Refused(Peer(spec, secret: new("Opaque", new SecretText("pw"))), "spec.passwordSecret", "secret type mismatch");
        Translate.Refused(Peer(spec, secret: new("kubernetes.io/basic-auth", null)), "spec.passwordSecret", "password not specified");
        Translate.Refused(Peer(spec + "\npassword: x", secret: new("kubernetes.io/basic-auth", new SecretText("pw"))), "spec.passwordSecret",
            "both password and secret ref");
        Translate.Refused(Peer(spec, secret: new("kubernetes.io/basic-auth", new SecretText(new('ü', 41)))), "spec.passwordSecret", "more than 80 octets");
        Translate.Refused(Peer($"peerASN: 1\npassword: {new string('x', 81)}"), "spec.password", "more than 80 octets");
        Assert.Equal(80, Translate.Single<BgpPeer>(Peer($"peerASN: 1\npassword: {new string('x', 80)}")).Password!.Value.Value.Length);
    }

    [Fact]
    public void A_peer_waits_for_its_secret()
    {
        var declared = Peer("peerASN: 1\npasswordSecret: {name: later}");
        Assert.Empty(declared.Declarations);
        var problem = Assert.Single(declared.Problems);
        Assert.Equal(Severity.Warning, problem.Severity);
        Assert.Contains("metallb-system/later", problem.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("stringData: {password: pw}")]
    [InlineData("data: {password: cHc=}")]
    public void A_secret_may_stand_in_the_same_manifests(string content)
    {
        var set = new OrleansLb.Kubernetes.Manifests.ManifestReader(ManifestKinds.All).ReadText(
            $"apiVersion: v1\nkind: Secret\nmetadata: {{name: s, namespace: ns}}\ntype: kubernetes.io/basic-auth\n{content}\n", "file.yaml");
        var declared = Translate.Spec("metallb.io/v1beta2", "BGPPeer", "myASN: 1\npeerASN: 2\npeerAddress: 192.0.2.1\npasswordSecret: {name: s, namespace: ns}",
            TranslationContext.Empty.WithSecretsOf(set.Manifests));
        Assert.Equal("pw", Translate.Single<BgpPeer>(declared).Password!.Value.Value);
    }

    [Fact]
    public void What_is_not_honoured_is_said()
    {
        var declared = Peer("peerASN: 1\ndisableMP: true");
        Assert.Single(declared.Declarations);
        Assert.Equal(("spec.disableMP", Severity.Warning), (Assert.Single(declared.Problems).Field, declared.Problems[0].Severity));
    }

    [Fact]
    public void A_bfd_profile_has_defaults_and_bounds()
    {
        var profile = Translate.Single<BfdProfile>(Translate.Spec("metallb.io/v1beta1", "BFDProfile",
            "echoMode: true\npassiveMode: true\nminimumTtl: 254\ndetectMultiplier: 5"));
        Assert.Equal((300, 300, 5, 50, true, 254), (profile.ReceiveInterval.TotalMilliseconds, profile.TransmitInterval.TotalMilliseconds,
            profile.DetectMultiplier, profile.EchoInterval!.Value.TotalMilliseconds, profile.Passive, profile.MinimumTtl!.Value));
        Translate.Refused(Translate.Spec("metallb.io/v1beta1", "BFDProfile", "receiveInterval: 9"), "spec.receiveInterval", "10-60000");
        Translate.Refused(Translate.Spec("metallb.io/v1beta1", "BFDProfile", "detectMultiplier: 1"), "spec.detectMultiplier", "2-255");
    }

    [Fact]
    public void Communities_are_named()
    {
        var declared = Translate.Spec("metallb.io/v1beta1", "Community", "communities: [{name: vip, value: '64500:7'}, {name: wide, value: 'large:1:2:3'}]");
        Assert.Equal([("vip", (Community)new Community.Standard((64500u << 16) | 7)), ("wide", new Community.Large(1, 2, 3))],
            declared.Declarations.OfType<CommunityAlias>().Select(alias => (alias.Name, alias.Value)));
        Translate.Refused(Translate.Spec("metallb.io/v1beta1", "Community", "communities: [{name: a, value: '1:2'}, {name: a, value: '1:3'}]"),
            "spec.communities[1].name", "duplicate definition of community");
        Translate.Refused(Translate.Spec("metallb.io/v1beta1", "Community", "communities: [{name: a, value: b}]"), "spec.communities[0].value",
            "invalid community");
    }

    private static LabelSelector Match(string key, string value) => new([new(key, LabelOperator.In, [value])]);

    private static DeclaredConfiguration Pool(string spec) => Translate.Spec("metallb.io/v1beta1", "IPAddressPool", spec);

    private static DeclaredConfiguration Peer(string spec, bool endpoint = true, SecretContent? secret = null) => Translate.Spec(
        "metallb.io/v1beta2",
        "BGPPeer",
        $"myASN: 64500\n{(endpoint ? "peerAddress: 192.0.2.1\n" : "")}{spec}",
        secret is null ? null : new TranslationContext { Secrets = new Dictionary<(string, string), SecretContent> { [("ns", "s")] = secret } });
}
