using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Services;

namespace OrleansLb.Grains.Tests.Harness;

/// <summary>Objects as tests begin with them.</summary>
public static class Given
{
    public static AddressPool Pool(string name, params string[] ranges) => new(
        new("orleanslb.io/v1alpha1", "AddressPool", "", name, $"uid-{name}"), default, new(name), ranges.Select(AddressRange.Parse).ToEquatableList(),
        Labels.None, PoolScope.Everyone);

    public static Layer2Advertisement Advertisement(string name = "all", params string[] pools) => new(
        new("orleanslb.io/v1alpha1", "L2Advertisement", "", name, $"uid-{name}"), default, name, pools.Select(pool => new PoolName(pool)).ToEquatableList(), [],
        [], [], [], []);

    public static BgpPeer Peer(string name, uint asn = 64501, string address = "203.0.113.1") => new(
        new("orleanslb.io/v1alpha1", "BGPPeer", "", name, $"uid-{name}"), default, name, 64500, new RemoteAs.Number(asn), Address.Parse(address), null, []);

    public static BgpAdvertisement Routed(string name = "bgp", params string[] pools) => new(
        new("orleanslb.io/v1alpha1", "BGPAdvertisement", "", name, $"uid-{name}"), default, name, pools.Select(pool => new PoolName(pool)).ToEquatableList(),
        [], [], [], [], 32, 128, null, []);

    public static ServiceRequest Service(string name, string uid = "") => new(
        ServiceName.Parse(name), uid.Length > 0 ? uid : $"uid-{name}", Wanted: true, Deleting: false, null, null, Labels.None, Labels.None,
        [IpFamily.IPv4], FamilyPolicy.SingleStack, [], null, null, $"app={name}", TrafficPolicy.Cluster, [new(Transport.Tcp, 80)], [], [],
        EndpointsElsewhere: 1, []);

    public static NodeFacts Node(string name, params (string Key, string Value)[] labels) => new(
        new(name), Labels.Of(labels.Select(label => KeyValuePair.Create(label.Key, label.Value))), Ready: true, NetworkUnavailable: false, Excluded: false,
        Draining: false, []);

    public static NodeLinks Links(params string[] networks) => new([
        new LinkState("eth0", 2, Usable: true, new HardwareAddress(0x020000000001), networks.Select(Prefix.Parse).ToEquatableList(), []),
    ]);
}
