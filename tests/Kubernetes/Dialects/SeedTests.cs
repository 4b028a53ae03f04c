using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Tests;

namespace OrleansLb.Kubernetes.Tests.Dialects;

/// <summary>What the documents that our users follow declare.</summary>
public sealed class SeedTests
{
    [Fact]
    public void The_eip_of_the_first_document_is_a_default_pool_on_eth0()
    {
        var declared = Translate.Configuration(Seeds.Eip);
        Assert.Empty(declared.Problems);
        var pool = Assert.Single(declared.Declarations.OfType<AddressPool>());
        Assert.Equal((new PoolName("eip-sample-pool"), true, true, false), (pool.Name, pool.IsDefault, pool.AutoAssign, pool.Disabled));
        Assert.Equal([AddressRange.Parse("192.168.0.91-192.168.0.100")], pool.Ranges);
        var layer2 = Assert.Single(declared.Declarations.OfType<Layer2Advertisement>());
        Assert.Equal([new InterfaceSelector.Named("eth0")], layer2.Interfaces);
        Assert.Equal([pool.Name], layer2.Pools);
    }

    [Fact]
    public void The_service_of_the_first_document_asks_for_a_pool_by_name()
    {
        var request = Translate.Service(Seeds.Service);
        Assert.True(request.IsWanted);
        Assert.Equal(new PoolName("layer2-eip"), request.Pool);
        Assert.Equal("app=layer2-openelb", request.BackendKey);
        var problem = Assert.Single(request.Problems);
        Assert.Equal(Severity.Warning, problem.Severity);
        Assert.Contains("protocol.openelb", problem.Field, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("can_reach:172.16.236.40")]
    [InlineData("can_reach: 172.16.236.40")]
    public void An_interface_may_be_named_by_what_it_reaches(string text)
    {
        var declared = Translate.Spec("network.kubesphere.io/v1alpha2", "Eip", $"address: 172.16.236.40-172.16.236.50\nprotocol: layer2\ninterface: '{text}'");
        Assert.Empty(declared.Problems);
        Assert.Equal([new InterfaceSelector.CanReach(Address.Parse("172.16.236.40"))],
            Assert.Single(declared.Declarations.OfType<Layer2Advertisement>()).Interfaces);
    }

    [Fact]
    public void The_config_map_of_the_third_document_is_a_pool_announced_by_layer_2()
    {
        var declared = Translate.Configuration(Seeds.Layer2Map);
        Assert.Empty(declared.Problems);
        var pool = Assert.Single(declared.Declarations.OfType<AddressPool>());
        Assert.Equal("default", pool.Name.Value);
        Assert.Equal([AddressRange.Parse("10.77.1.220-10.77.1.240")], pool.Ranges);
        Assert.Equal([pool.Name], Assert.Single(declared.Declarations.OfType<Layer2Advertisement>()).Pools);
    }

    [Fact]
    public void Its_bgp_form_has_peers_advertisements_and_names_for_communities()
    {
        var declared = Translate.Configuration(Seeds.BgpMap);
        Assert.Empty(declared.Problems);
        var peer = Assert.Single(declared.Declarations.OfType<BgpPeer>());
        Assert.Equal((64500u, new RemoteAs.Number(64501), Address.Parse("10.0.0.1"), 179), (peer.LocalAsn, peer.RemoteAs, peer.Address!.Value, peer.Port));
        Assert.Collection(
            declared.Declarations.OfType<BgpAdvertisement>(),
            first => Assert.Equal((32, 100u), (first.AggregationLength, first.LocalPref)),
            second => Assert.Equal((24, null), (second.AggregationLength, second.LocalPref)));
        Assert.Equal([new Community.Named("no-advertise")], declared.Declarations.OfType<BgpAdvertisement>().First().Communities);
        Assert.Equal(new Community.Standard(0xFFFFFF02), Assert.Single(declared.Declarations.OfType<CommunityAlias>()).Value);
    }

    [Fact]
    public void Its_peers_may_be_of_some_nodes_and_have_a_source()
    {
        var declared = ConfigMap("""
            peers:
            - peer-address: 10.0.0.1
              peer-asn: 64501
              my-asn: 64500
              source-address: 10.0.0.2
              node-selectors:
              - match-labels:
                  rack: frontend
                match-expressions:
                - key: network-speed
                  operator: NotIn
                  values: [slow]
              - match-expressions:
                - key: kubernetes.io/hostname
                  operator: In
                  values: [hostA, hostB]
            """);
        Assert.Empty(declared.Problems);
        var peer = Assert.Single(declared.Declarations.OfType<BgpPeer>());
        Assert.Equal(Address.Parse("10.0.0.2"), peer.SourceAddress);
        Assert.Equal(
            [
                new LabelSelector([new("rack", LabelOperator.In, ["frontend"]), new("network-speed", LabelOperator.NotIn, ["slow"])]),
                new LabelSelector([new("kubernetes.io/hostname", LabelOperator.In, ["hostA", "hostB"])]),
            ],
            peer.NodeSelectors);
    }

    [Fact]
    public void A_pool_may_be_kept_from_automatic_assignment()
    {
        var declared = Translate.Configuration(Seeds.CheapAndExpensive);
        Assert.Empty(declared.Problems);
        Assert.Equal([("cheap", true), ("expensive", false)], declared.Declarations.OfType<AddressPool>().Select(pool => (pool.Name.Value, pool.AutoAssign)));
    }

    [Fact]
    public void Its_service_shares_an_address_by_the_older_annotation()
    {
        var request = Translate.Service("""
            apiVersion: v1
            kind: Service
            metadata:
              name: nginx
              annotations: {metallb.universe.tf/allow-shared-ip: tenant1}
            spec: {type: LoadBalancer, ports: [{port: 80}]}
            """);
        Assert.Equal("tenant1", request.SharingKey);
        Assert.Contains("metallb.io/allow-shared-ip", Assert.Single(request.Problems).Message, StringComparison.Ordinal);
    }

    private static DeclaredConfiguration ConfigMap(string config) =>
        Translate.Configuration("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  namespace: metallb-system\n  name: config\ndata:\n  config: "
            + $"|\n{Translate.Indent(Translate.Indent(config))}\n");
}
