using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Election;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Tests;

/// <summary>Values as tests begin with them.</summary>
internal static class Given
{
    public static ObjectReference Source(string kind, string name) => new("orleanslb.io/v1alpha1", kind, "", name);

    public static AddressPool Pool(string name, params string[] ranges) =>
        new(Source("AddressPool", name), default, new(name), ranges.Select(AddressRange.Parse).ToEquatableList(), Labels.None, PoolScope.Everyone);

    public static Layer2Advertisement Advertisement(params string[] pools) =>
        new(Source("L2Advertisement", "all"), default, "all", pools.Select(pool => new PoolName(pool)).ToEquatableList(), [], [], [], [], []);

    public static ClusterConfiguration Configuration(params AddressPool[] pools) => ClusterConfiguration.Empty with { Pools = [.. pools] };

    public static ServiceRequest Service(string name) => new(
        ServiceName.Parse(name), $"uid-{name}", Wanted: true, Deleting: false, null, null, Labels.None, Labels.None,
        [IpFamily.IPv4], FamilyPolicy.SingleStack, [], null, null, "", TrafficPolicy.Cluster, [new(Transport.Tcp, 80)], [], [], EndpointsElsewhere: 1, []);

    public static AllocationRequest Request(string service, params IpFamily[] families) => new(
        ServiceName.Parse(service), $"uid-{service}", families.Length > 0 ? [.. families] : [IpFamily.IPv4], [], [], new(null, "", [new(Transport.Tcp, 80)]));

    public static EquatableList<Address> Addresses(params string[] addresses) => addresses.Select(Address.Parse).ToEquatableList();

    public static PoolBook Book(AddressPool pool, params AddressClaim[] claims)
    {
        var book = new PoolBook(pool.Name);
        book.Configure(pool);
        foreach (var claim in claims) book.Put(claim);
        return book;
    }

    /// <summary>Enters what was decided in the books, as a pool does once it is written.</summary>
    public static void Enter(PoolBook book, EquatableList<ClaimChange> changes)
    {
        foreach (var change in changes)
        {
            if (change.After is { } after) book.Put(after);
            else book.Remove(change.Address);
        }
    }

    public static AddressClaim Claim(string address, string holder, string? key = null) =>
        new(Address.Parse(address), new("front"), [new(ServiceName.Parse(holder), $"uid-{holder}")], key, null, "1");

    public static Labels Labelled(string key, string value) => Labels.Of([KeyValuePair.Create(key, value)]);

    public static LabelSelector Selector(string key, string value) => new([new LabelRequirement(key, LabelOperator.In, [value])]);

    public static NodeView Node(string name, params string[] networks) => new(
        new(name),
        new(new(name), Labels.None, Ready: true, NetworkUnavailable: false, Excluded: false, Draining: false, []),
        new([new LinkState("eth0", 2, true, default, (networks.Length > 0 ? networks : ["192.0.2.0/24"]).Select(Prefix.Parse).ToEquatableList(), [])]),
        Alive: true, Draining: false, default, 0);

    public static ClusterView View(params NodeView[] nodes) => new(1, nodes.OrderBy(node => node.Name).ToEquatableList());

    public static Candidacy Candidacy(string address, string? current = null) =>
        new(Addresses(address), [Advertisement()], TrafficPolicy.Cluster, [], 1, current is null ? null : new NodeName(current));
}
