using OrleansLb.Core.Configuration;

namespace OrleansLb.Kubernetes.Tests.Dialects;

public sealed class ConfigMapTests
{
    [Theory]
    [InlineData("address-pools: [{name: a, addresses: [192.0.2.0/24]}]", "data.config.address-pools[0].protocol", "missing the protocol")]
    [InlineData("address-pools: [{name: a, protocol: arp, addresses: [192.0.2.0/24]}]", "data.config.address-pools[0].protocol", "unknown protocol")]
    [InlineData("address-pools: [{protocol: layer2, addresses: [192.0.2.0/24]}]", "data.config.address-pools[0].name", "missing pool name")]
    [InlineData("address-pools: [{name: a, protocol: layer2, addresses: [192.0.2.1]}]", "data.config.address-pools[0].addresses[0]", "192.0.2.1/32")]
    [InlineData("address-pools: [{name: a, protocol: layer2, addresses: [192.0.2.0/24]}, {name: a, protocol: layer2, addresses: [198.51.100.0/24]}]",
        "data.config.address-pools[1].name", "duplicate definition of pool")]
    [InlineData("address-pools: [{name: a, protocol: layer2, addresses: [192.0.2.0/24], bgp-advertisements: [{}]}]",
        "data.config.address-pools[0].bgp-advertisements", "layer2 address pool")]
    [InlineData("address-pools: [{name: a, protocol: bgp, addresses: [192.0.2.0/24], bgp-advertisements: [{aggregation-length: 40}]}]",
        "data.config.address-pools[0].bgp-advertisements[0].aggregation-length", "1-32")]
    [InlineData("address-pool: []", "data.config.address-pool", "did you mean 'address-pools'")]
    [InlineData("bgp-communities: {a: 1:2:3}", "data.config.bgp-communities.a", "invalid community")]
    [InlineData("peers: [{my-asn: 1, peer-address: 192.0.2.1}]", "data.config.peers[0].peer-asn", "missing peer ASN")]
    [InlineData("peers: [{my-asn: 1, peer-asn: 2, peer-address: 192.0.2.1}, {my-asn: 1, peer-asn: 2, peer-address: 192.0.2.1}]",
        "data.config.peers[1].peer-address", "already exists")]
    [InlineData("peers: [{my-asn: 1, peer-asn: 2, peer-address: 192.0.2.1, hold-time: 1s}]", "data.config.peers[0].hold-time", "must be 0 or >=3s")]
    [InlineData("bfd-profiles: [{name: a}, {name: a}]", "data.config.bfd-profiles[1].name", "duplicate bfd profile")]
    [InlineData("peers: []\npeers: []", "data.config", "line 2 of the text: the key 'peers'")]
    [InlineData("- a", "data.config", "must be an object")]
    public void A_wrong_configuration_is_refused_by_field(string config, string field, string says) => Translate.Refused(Read(config), field, says);

    [Fact]
    public void Every_key_of_a_peer_and_a_pool_is_kept()
    {
        var declared = Read("""
            peers: [{my-asn: 64500, peer-asn: 64501, peer-address: 192.0.2.1, peer-port: 1790, router-id: 10.0.0.1, hold-time: 120s, keepalive-time: 10s, password: 1234, bfd-profile: fast, ebgp-multihop: true}]
            address-pools: [{name: 7, protocol: bgp, addresses: [192.0.2.0/24], avoid-buggy-ips: true, auto-assign: false}]
            bfd-profiles: [{name: fast, receive-interval: 100, echo-mode: true, echo-interval: 20}]
            """);
        Assert.Empty(declared.Problems);
        var peer = declared.Declarations.OfType<BgpPeer>().Single();
        Assert.Equal((1790, "10.0.0.1", 120, 10, "1234", "fast", 255),
            (peer.Port, peer.RouterId.ToString(), peer.HoldTime!.Value.TotalSeconds, peer.KeepaliveTime!.Value.TotalSeconds, peer.Password!.Value.Value,
                peer.BfdProfile, peer.MultihopTtl));
        var pool = declared.Declarations.OfType<AddressPool>().Single();
        Assert.Equal(("7", true, false), (pool.Name.Value, pool.AvoidBuggyAddresses, pool.AutoAssign));
        Assert.Equal((100, 20), (declared.Declarations.OfType<BfdProfile>().Single().ReceiveInterval.TotalMilliseconds,
            declared.Declarations.OfType<BfdProfile>().Single().EchoInterval!.Value.TotalMilliseconds));
    }

    [Theory]
    [InlineData("other", "metallb-system")]
    [InlineData("config", "default")]
    public void Other_config_maps_are_none_of_ours(string name, string ns) =>
        Assert.Empty(Translate.Configuration($"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: {ns}}}\ndata: {{config: 'nonsense: ['}}\n")
            .Problems);

    [Theory]
    [InlineData("metallb", 1)]
    [InlineData("edge-metallb", 1)]
    [InlineData("metallb-frr-startup", 0)]
    public void The_chart_names_it_after_its_release(string name, int pools) => Assert.Equal(pools, Translate.Configuration(
        $"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: metallb-system}}\ndata:\n  config: |\n    address-pools: [{{name: a, "
            + $"protocol: layer2, addresses: [192.0.2.0/24]}}]\n").Declarations.OfType<AddressPool>().Count());

    [Fact]
    public void A_ConfigMap_that_merely_bears_the_name_of_a_release_is_no_fault() =>
        Assert.Empty(Translate.Configuration("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: metallb, namespace: metallb-system}\ndata: {other: text}\n")
            .Problems);

    private static DeclaredConfiguration Read(string config) =>
        Translate.Configuration($"apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: metallb-config, namespace: metallb-system}}\ndata:\n  config: "
            + $"|\n{Translate.Indent(Translate.Indent(config))}\n");
}
