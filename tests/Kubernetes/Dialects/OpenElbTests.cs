using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Kubernetes.Tests.Dialects;

public sealed class OpenElbTests
{
    private const string Api = "network.kubesphere.io/v1alpha2";
    private const string Conf =
        "apiVersion: network.kubesphere.io/v1alpha2\nkind: BgpConf\nmetadata: {name: default}\nspec: {as: 50000, routerId: 192.0.2.7}\n---\n";

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("192.0.2.0/30", "192.0.2.0-192.0.2.3")]
    [InlineData("192.0.2.0/255.255.255.252", "192.0.2.0-192.0.2.3")]
    [InlineData("192.0.2.7-192.0.2.9", "192.0.2.7-192.0.2.9")]
    [InlineData("2001:db8::/126", "2001:db8::-2001:db8::3")]
    public void An_eip_takes_every_form_of_address(string text, string range) =>
        Assert.Equal(range, Assert.Single(Pool($"address: {text}").Ranges).ToString());

    [Fact]
    public void An_eip_that_is_neither_default_nor_bound_gives_only_on_request() => Assert.False(Pool("address: 192.0.2.7").AutoAssign);

    [Fact]
    public void A_bound_eip_gives_to_its_namespaces_by_priority()
    {
        var pool = Pool("address: 192.0.2.7\npriority: 3\nnamespaces: [shop]\nnamespaceSelector: {tier: front}");
        Assert.Equal((true, 3), (pool.AutoAssign, pool.Scope.Priority));
        Assert.Equal(["shop"], pool.Scope.Namespaces);
        Assert.Equal([new LabelSelector([new("tier", LabelOperator.In, ["front"])])], pool.Scope.NamespaceSelectors);
        Assert.False(pool.Scope.Enforced);
    }

    [Fact]
    public void A_disabled_eip_gives_nothing_new() => Assert.True(Pool("address: 192.0.2.7\ndisable: true").Disabled);

    [Fact]
    public void An_eip_that_is_being_deleted_gives_nothing_new_and_says_so()
    {
        var declared = Translate.Configuration($"apiVersion: {Api}\nkind: Eip\nmetadata: {{name: x, deletionTimestamp: \"2026-01-01T00:00:00Z\", "
            + "finalizers: [finalizer.ipam.kubesphere.io/v1alpha1]}\nspec: {address: 192.0.2.7}\n");
        Assert.True(Assert.Single(declared.Declarations.OfType<AddressPool>()).Disabled);
        Assert.Equal(("metadata.deletionTimestamp", Severity.Warning), (Assert.Single(declared.Problems).Field, declared.Problems[0].Severity));
    }

    [Theory]
    [InlineData("'true'", true)]
    [InlineData("'True'", true)]
    [InlineData("'yes'", false)]
    public void The_default_eip_is_the_one_whose_annotation_says_true(string value, bool isDefault)
    {
        var declared = Translate.Configuration($"apiVersion: {Api}\nkind: Eip\nmetadata: {{name: x, annotations: "
            + $"{{eip.openelb.kubesphere.io/is-default-eip: {value}}}}}\nspec: {{address: 192.0.2.7}}\n");
        Assert.Equal(isDefault, Assert.Single(declared.Declarations.OfType<AddressPool>()).IsDefault);
    }

    [Fact]
    public void The_protocol_decides_how_it_is_announced()
    {
        Assert.Single(Translate.Spec(Api, "Eip", "address: 192.0.2.7").Declarations.OfType<BgpAdvertisement>());
        Assert.Equal([new InterfaceSelector.Named("eth0")],
            Assert.Single(Translate.Spec(Api, "Eip", "address: 192.0.2.7\nprotocol: layer2\ninterface: eth0").Declarations.OfType<Layer2Advertisement>())
                .Interfaces);
        var vip = Translate.Spec(Api, "Eip", "address: 192.0.2.7\nprotocol: vip\ninterface: eth0");
        Assert.Single(vip.Declarations.OfType<Layer2Advertisement>());
        Assert.Equal(("spec.protocol", Severity.Warning), (Assert.Single(vip.Problems).Field, vip.Problems[0].Severity));
    }

    [Theory]
    [InlineData("protocol: bgp", "spec.address", "missing")]
    [InlineData("address: somewhere", "spec.address", "not an address")]
    [InlineData("address: 192.0.2.0/255.0.255.0", "spec.address", "not a CIDR prefix")]
    [InlineData("address: 192.0.2.9-192.0.2.7", "spec.address", "ends before it starts")]
    [InlineData("address: 192.0.2.1-192.0.2.7-192.0.2.9", "spec.address", "is not an IP address")]
    [InlineData("address: 2001:db8::/255.255.255.0", "spec.address", "not a CIDR prefix")]
    [InlineData("address: 192.0.2.0/255.255.0.254", "spec.address", "not a CIDR prefix")]
    [InlineData("address: 192.0.2.0/", "spec.address", "not a CIDR prefix")]
    [InlineData("address: 192.0.2.0-2001:db8::1", "spec.address", "both ends must be of one family")]
    [InlineData("address: 192.0.2.7\nprotocol: layer2", "spec.interface", "missing")]
    [InlineData("address: 192.0.2.7\nprotocol: vip", "spec.interface", "missing", 1)]
    [InlineData("address: 192.0.2.7\nprotocol: arp", "spec.protocol", "unknown protocol")]
    [InlineData("address: 192.0.2.7\nprotocol: layer2\ninterface: can_reach:gateway", "spec.interface", "invalid can_reach address")]
    public void A_wrong_eip_is_refused(string spec, string field, string says, int warnings = 0)
    {
        var declared = Translate.Spec(Api, "Eip", spec);
        var error = Assert.Single(declared.Problems, problem => problem.Severity == Severity.Error);
        Assert.Equal((field, warnings), (error.Field, declared.Problems.Count - 1));
        Assert.Contains(says, error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(declared.Declarations);
    }

    [Fact]
    public void A_field_without_effect_is_said() =>
        Assert.Contains("not yet honoured", Assert.Single(Translate.Spec(Api, "Eip", "address: 192.0.2.7\nusingKnownIPs: true").Problems).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_peer_takes_what_it_lacks_from_the_one_conf()
    {
        var declared = Translate.Configuration(Conf + """
            apiVersion: network.kubesphere.io/v1alpha2
            kind: BgpPeer
            metadata: {name: tor}
            spec:
              conf: {peerAs: 50001, neighborAddress: 192.0.2.1, authPassword: hush, description: the switch}
              timers: {config: {connectRetry: "5", holdTime: "90", keepaliveInterval: 30}}
              transport: {passiveMode: true, remotePort: 1790}
              ebgpMultihop: {enabled: true, multihopTtl: 4}
              gracefulRestart: {enabled: true}
              afiSafis:
              - config: {family: {afi: AFI_IP, safi: SAFI_UNICAST}, enabled: true}
              - config: {family: {afi: AFI_IP6, safi: SAFI_UNICAST}, enabled: true}
              nodeSelector: {matchLabels: {kubernetes.io/hostname: n1}}
            """);
        Assert.Empty(declared.Problems);
        var peer = Assert.Single(declared.Declarations.OfType<BgpPeer>());
        Assert.Equal((50000u, new RemoteAs.Number(50001), Address.Parse("192.0.2.1"), Address.Parse("192.0.2.7")),
            (peer.LocalAsn, peer.RemoteAs, peer.Address!.Value, peer.RouterId!.Value));
        Assert.Equal((5, 90, 30), (peer.ConnectRetryTime!.Value.TotalSeconds, peer.HoldTime!.Value.TotalSeconds, peer.KeepaliveTime!.Value.TotalSeconds));
        Assert.Equal((true, 1790, 4, true, true, "hush"),
            (peer.Passive, peer.Port, peer.MultihopTtl!.Value, peer.GracefulRestart, peer.DualStack, peer.Password!.Value.Value));
        Assert.Equal([new LabelSelector([new("kubernetes.io/hostname", LabelOperator.In, ["n1"])])], peer.NodeSelectors);
    }

    [Fact]
    public void Each_rack_has_a_peer_of_its_own_as()
    {
        var declared = Translate.Configuration(Conf.Replace("as: 50000", "as: 50000, asPerRack: {left: 50011, right: 50012}", StringComparison.Ordinal)
            + "apiVersion: network.kubesphere.io/v1alpha2\nkind: BgpPeer\nmetadata: {name: tor}\nspec: {conf: {peerAs: 1, neighborAddress: 192.0.2.1}}\n");
        Assert.Empty(declared.Problems);
        const string rack = "openelb.kubesphere.io/rack";
        Assert.Equal(
            [
                (50000u, new LabelRequirement(rack, LabelOperator.NotIn, ["left", "right"])),
                (50011u, new LabelRequirement(rack, LabelOperator.In, ["left"])),
                (50012u, new LabelRequirement(rack, LabelOperator.In, ["right"])),
            ],
            declared.Declarations.OfType<BgpPeer>().Select(peer => (peer.LocalAsn, peer.NodeSelectors.Single().Requirements.Single())));
    }

    /// <summary>Where a network plug-in speaks BGP, OpenELB leaves it to that: the peers, and what the BgpConf gives them.</summary>
    [Theory]
    [InlineData(true, true, 0, 0)]
    [InlineData(false, true, 0, 0)]
    [InlineData(true, false, 0, 1)]
    [InlineData(false, false, 1, 0)]
    public void What_a_network_plug_in_does_is_left_to_it(bool conf, bool peer, int peers, int errors)
    {
        const string label = ", labels: {openelb.kubesphere.io/cni: calico}";
        var declared = Translate.Configuration(Conf.Replace("name: default", $"name: default{(conf ? label : "")}", StringComparison.Ordinal)
            + $"apiVersion: network.kubesphere.io/v1alpha2\nkind: BgpPeer\nmetadata: {{name: tor{(peer ? label : "")}}}\n"
            + "spec: {conf: {peerAs: 1, neighborAddress: 192.0.2.1}}\n");
        Assert.Equal((peers, errors),
            (declared.Declarations.OfType<BgpPeer>().Count(), declared.Problems.Count(problem => problem.Severity == Severity.Error)));
    }

    /// <summary>As OpenELB has it: the routerId of the BgpConf is for nodes without a rack of their own.</summary>
    [Fact]
    public void The_nodes_of_a_rack_have_identifiers_of_their_own()
    {
        var declared = Translate.Configuration(Conf.Replace("as: 50000", "as: 50000, asPerRack: {left: 50011}", StringComparison.Ordinal)
            + "apiVersion: network.kubesphere.io/v1alpha2\nkind: BgpPeer\nmetadata: {name: tor}\nspec: {conf: {peerAs: 1, neighborAddress: 192.0.2.1}}\n");
        Assert.Equal([(50000u, true), (50011u, false)], declared.Declarations.OfType<BgpPeer>().Select(peer => (peer.LocalAsn, peer.RouterId is not null)));
    }

    [Theory]
    [InlineData("conf: {neighborAddress: 192.0.2.1, localAs: 1}", "spec.conf.peerAs", "missing peer ASN")]
    [InlineData("conf: {peerAs: 1, localAs: 1}", "spec.conf.neighborAddress", "no address")]
    [InlineData("conf: {peerAs: 1, neighborAddress: 192.0.2.1}", "spec.conf.localAs", "missing local ASN")]
    [InlineData("conf: {peerAs: 1, neighborAddress: 192.0.2.1, localAs: 1}\nafiSafis: [{config: {family: {afi: AFI_IP6}}}]", "spec.afiSafis", "lacks AFI_IP")]
    [InlineData("conf: {peerAs: 1, neighborAddress: 192.0.2.1, localAs: 1}\ngracefulRestart: {enabled: true, restartTime: 5000}",
        "spec.gracefulRestart.restartTime", "0-4095")]
    [InlineData("conf: {peerAs: 1, neighborAddress: 192.0.2.1, localAs: 1}\ntimers: {config: {holdTime: '2'}}", "spec.timers.config.holdTime",
        "invalid hold time")]
    [InlineData("conf: {peerAs: 1, neighborAddress: 192.0.2.1, localAs: 1}\ntimers: {config: {holdTime: soon}}", "spec.timers.config.holdTime",
        "not a number of seconds")]
    public void A_wrong_peer_is_refused(string spec, string field, string says) => Translate.Refused(Translate.Spec(Api, "BgpPeer", spec), field, says);

    [Fact]
    public void What_gobgp_would_do_and_we_do_not_is_said()
    {
        var declared = Translate.Spec(Api, "BgpPeer", "conf: {peerAs: 1, neighborAddress: 192.0.2.1, localAs: 2, peerGroup: g}\ntransport: {tcpMss: "
            + "1400}\nafiSafis: [{config: {family: {afi: AFI_IP}}, addPaths: {config: {sendMax: 10}}}]");
        Assert.Equal(["spec.conf.peerGroup", "spec.transport.tcpMss"], declared.Problems.Select(problem => problem.Field));
        Assert.All(declared.Problems, problem => Assert.Equal(Severity.Warning, problem.Severity));
        Assert.True(Assert.IsType<BgpPeer>(Assert.Single(declared.Declarations)).AddPath);
    }

    [Theory]
    [InlineData("gracefulRestart: {enabled: true, restartTime: 30}", "", true, 30)]
    [InlineData("", "gracefulRestart: {enabled: true, restartTime: 40}", true, 40)]
    [InlineData("gracefulRestart: {enabled: true, restartTime: 30}", "gracefulRestart: {restartTime: 40}", true, 40)]
    [InlineData("gracefulRestart: {enabled: true}", "gracefulRestart: {restartTime: 0}", true, null)]
    [InlineData("gracefulRestart: {restartTime: 30}", "", false, null)]
    public void The_time_for_a_restart_is_that_of_the_peer_or_of_the_conf(string conf, string peer, bool graceful, int? seconds)
    {
        var declared = Translate.Configuration($"apiVersion: {Api}\nkind: BgpConf\nmetadata: {{name: default}}\nspec:\n  as: 50000\n  {conf}\n---\n"
            + $"apiVersion: {Api}\nkind: BgpPeer\nmetadata: {{name: tor}}\nspec:\n  conf: {{peerAs: 1, neighborAddress: 192.0.2.1}}\n  {peer}\n");
        Assert.Empty(declared.Problems);
        var read = Assert.Single(declared.Declarations.OfType<BgpPeer>());
        Assert.Equal((graceful, seconds), (read.GracefulRestart, (int?)read.RestartTime?.TotalSeconds));
    }

    [Fact]
    public void The_conf_says_where_routers_may_connect()
    {
        var declared = Translate.Configuration(Conf.Replace("as: 50000", "as: 50000, listenPort: 17900, listenAddresses: [192.0.2.5]", StringComparison.Ordinal)
            + $"apiVersion: {Api}\nkind: BgpPeer\nmetadata: {{name: tor}}\nspec: {{conf: {{peerAs: 1, neighborAddress: 192.0.2.1}}}}\n");
        Assert.Equal(new PeerListening([Address.Parse("192.0.2.5")], 17900), Assert.Single(declared.Declarations.OfType<BgpPeer>()).Listening);
        var none = Translate.Configuration(Conf.Replace("as: 50000", "as: 50000, listenPort: -1", StringComparison.Ordinal)
            + $"apiVersion: {Api}\nkind: BgpPeer\nmetadata: {{name: tor}}\nspec: {{conf: {{peerAs: 1, neighborAddress: 192.0.2.1}}, transport: "
            + $"{{passiveMode: true}}}}\n");
        Assert.Contains("nobody", Assert.Single(none.Problems).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_conf_of_another_name_is_not_used()
    {
        var declared = Translate.Configuration(Conf.Replace("name: default", "name: mine", StringComparison.Ordinal)
            + "apiVersion: network.kubesphere.io/v1alpha2\nkind: BgpPeer\nmetadata: {name: tor}\nspec: {conf: {peerAs: 1, neighborAddress: 192.0.2.1}}\n");
        Assert.Equal([("BgpConf", Severity.Warning), ("BgpPeer", Severity.Error)],
            declared.Problems.Select(problem => (problem.Object.Kind, problem.Severity)));
    }

    [Fact]
    public void What_a_network_plug_in_announces_is_left_to_it()
    {
        var declared =
            Translate.Configuration("apiVersion: network.kubesphere.io/v1alpha2\nkind: Eip\nmetadata: {name: e, labels: {openelb.kubesphere.io/cni: "
                + "calico}}\nspec: {address: 192.0.2.7, protocol: bgp}\n");
        Assert.IsType<AddressPool>(Assert.Single(declared.Declarations));
    }

    private static AddressPool Pool(string spec)
    {
        var declared = Translate.Spec(Api, "Eip", spec);
        Assert.Empty(declared.Problems);
        return Assert.Single(declared.Declarations.OfType<AddressPool>());
    }
}
