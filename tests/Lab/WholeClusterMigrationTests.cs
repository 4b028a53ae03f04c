using System.Globalization;
using System.Text;
using OrleansLb.Silo.Lab;

namespace OrleansLb.Lab.Tests;

/// <summary>
/// A cluster's worth of services of every kind that a rival has: with addresses and pools asked for in each spelling, shared addresses, both families, classes,
/// namespaces of their own and local traffic. <c>migrate</c> says of each what then happens, and nothing changes.
/// </summary>
public sealed class WholeClusterMigrationTests : IDisposable
{
    private const int Services = 300;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Every_service_of_MetalLB_keeps_its_addresses() => Migrate("metallb", """
        apiVersion: metallb.io/v1beta1
        kind: IPAddressPool
        metadata: {name: main, namespace: metallb-system}
        spec: {addresses: [10.77.0.0/23, "2001:db8:77::-2001:db8:77::fff"]}
        ---
        apiVersion: metallb.io/v1beta1
        kind: IPAddressPool
        metadata: {name: edge, namespace: metallb-system}
        spec: {addresses: [10.78.0.0/23], autoAssign: false}
        ---
        apiVersion: metallb.io/v1beta1
        kind: IPAddressPool
        metadata: {name: shop, namespace: metallb-system}
        spec: {addresses: [10.79.0.0/23], serviceAllocation: {priority: 10, namespaces: [shop]}}
        ---
        apiVersion: metallb.io/v1beta1
        kind: L2Advertisement
        metadata: {name: all, namespace: metallb-system}
        """, OfMetalLb);

    [Fact]
    public Task Every_service_of_OpenELB_keeps_its_addresses() => Migrate("openelb", """
        apiVersion: network.kubesphere.io/v1alpha2
        kind: Eip
        metadata: {name: main, annotations: {eip.openelb.kubesphere.io/is-default-eip: "true"}}
        spec: {address: 10.77.0.0/23, protocol: layer2, interface: eth0}
        ---
        apiVersion: network.kubesphere.io/v1alpha2
        kind: Eip
        metadata: {name: edge}
        spec: {address: 10.78.0.0-10.78.1.255, protocol: bgp}
        ---
        apiVersion: network.kubesphere.io/v1alpha2
        kind: Eip
        metadata: {name: shop}
        spec: {address: 10.79.0.0/23, protocol: layer2, interface: eth0, namespaces: [shop], priority: 10}
        ---
        apiVersion: network.kubesphere.io/v1alpha2
        kind: Eip
        metadata: {name: six}
        spec: {address: "2001:db8:77::/120", protocol: layer2, interface: eth0}
        """, OfOpenElb);

    private async Task Migrate(string rival, string configuration, Func<int, RivalService> service)
    {
        await using var cluster = await RivalCluster.Start(_folder.Path, Stop);
        var services = Enumerable.Range(0, Services).Select(service).ToList();
        foreach (var name in new[] { "metallb-system", "shop" }) await cluster.Kubectl($"create namespace {name}", Stop);
        await cluster.Kubectl("apply -f -", Stop, configuration);
        await cluster.Kubectl("apply -f -", Stop, services.Aggregate(new StringBuilder(), (text, each) => text.Append(each.Manifest)).ToString());
        foreach (var each in services) await cluster.Show(each.Namespace, each.Name, each.Addresses, Stop);
        var before = await cluster.Shown(Stop);
        Assert.Equal(Services, before.Length);

        var told =
            (await RunningProgram.Run(Stop, "migrate", "--from", rival, "--kubeconfig", cluster.Kubeconfig, "--lb-class", "metallb.io/edge")).Succeeded();
        Assert.Contains($"{Services} of {Services} services that have an address keep it.", told.Output, StringComparison.Ordinal);
        Assert.All(services, each => Assert.Single(told.Lines, line => line.StartsWith($"{each.Namespace}/{each.Name} ", StringComparison.Ordinal)
            && line.Contains($"keeps {string.Join(" and ", each.Addresses)}.", StringComparison.Ordinal)));

        await using var run = await RunningProgram.Serve(_folder.Path, Stop, "--kubeconfig", cluster.Kubeconfig, "--lb-class", "metallb.io/edge");
        await cluster.UntilServed(Services, Stop);
        Assert.Equal(before, await cluster.Shown(Stop));
        var claims = (await cluster.Kubectl("get addressclaims --no-headers -o custom-columns=A:.spec.address", Stop)).Lines;
        Assert.Equal(services.SelectMany(each => each.Addresses).Distinct().Order(StringComparer.Ordinal), claims.Order(StringComparer.Ordinal));
    }

    private static RivalService OfMetalLb(int i) => (i % 10) switch
    {
        0 => new(i, "", "ports: [{port: 80}]", [Common(i)]),
        1 => new(i, "", $"loadBalancerIP: {Common(i)}, ports: [{{port: 80}}]", [Common(i)]),
        2 => new(i, $"metallb.io/loadBalancerIPs: {Common(i)}", "ports: [{port: 80}]", [Common(i)]),
        3 => new(i, $"metallb.universe.tf/loadBalancerIPs: '{Common(i)},{Six(i)}'", "ipFamilyPolicy: RequireDualStack, ports: [{port: 80}]",
            [Common(i), Six(i)]),
        4 => new(i, "metallb.io/address-pool: edge", "ports: [{port: 80}]", [Edge(i)]),
        5 => new(i, $"metallb.universe.tf/address-pool: edge, metallb.universe.tf/allow-shared-ip: k{Group(i)}", $"ports: [{{port: {1000 + i}}}]",
            [Edge(Group(i))]),
        6 => new(i, $"metallb.io/allow-shared-ip: l{Group(i)}",
            $"externalTrafficPolicy: Local, selector: {{app: a{Group(i)}}}, ports: [{{name: t, port: {1000 + i}}}, {{name: u, port: "
                + $"{1000 + i}, protocol: UDP}}]",
            [Common(Group(i))]),
        7 => new(i, "", "ipFamilyPolicy: PreferDualStack, ports: [{port: 80}]", [Common(i), Six(i)]),
        8 => new(i, "", "loadBalancerClass: metallb.io/edge, ports: [{port: 80}]", [Common(i)]),
        _ => new(i, "", "ports: [{port: 80}]", [Shop(i)], "shop"),
    };

    private static RivalService OfOpenElb(int i) => (i % 8) switch
    {
        0 => OptIn(i, "", "ports: [{port: 80}]", Common(i)),
        1 => OptIn(i, ", eip.openelb.kubesphere.io/v1alpha2: edge, protocol.openelb.kubesphere.io/v1alpha1: bgp", "ports: [{port: 80}]", Edge(i)),
        2 => OptIn(i, $", eip.openelb.kubesphere.io/v1alpha1: {Common(i)}", "ports: [{port: 80}]", Common(i)),
        3 => OptIn(i, "", $"loadBalancerIP: {Common(i)}, ports: [{{port: 80}}]", Common(i)),
        4 => OptIn(i, $", eip.openelb.kubesphere.io/v1alpha1: {Edge(Group(i))}", $"ports: [{{port: {1000 + i}}}]", Edge(Group(i))),
        5 => OptIn(i, "", "ports: [{port: 80}]", Shop(i), "shop"),
        6 => i < 250 ? OptIn(i, ", eip.openelb.kubesphere.io/v1alpha2: six", "ipFamilies: [IPv6], ports: [{port: 80}]", $"2001:db8:77::{i:x}")
            : OptIn(i, ", eip.openelb.kubesphere.io/v1alpha2: main", "ports: [{port: 80}]", Common(i)),
        _ => OptIn(i, ", eip.openelb.kubesphere.io/v1alpha2: main", "externalTrafficPolicy: Local, selector: {app: a}, ports: [{port: 80}]", Common(i)),
    };

    private static RivalService OptIn(int i, string more, string spec, string address, string @namespace = "default") =>
        new(i, $"lb.kubesphere.io/v1alpha1: openelb{more}", spec, [address], @namespace);

    /// <summary>Three services of one kind each, of which none has what its number says, so that they do not meet others.</summary>
    private static int Group(int i) => 300 + (i / 30);

    /// <summary>In an order that nobody would give them in again.</summary>
    private static string Common(int i) => At("10.77", i);

    private static string Edge(int i) => At("10.78", i);

    private static string Shop(int i) => At("10.79", i);

    private static string Six(int i) => string.Create(CultureInfo.InvariantCulture, $"2001:db8:77::{(i * 7) % 1000 + 1:x}");

    private static string At(string net, int i)
    {
        var place = i * 7 % 509;
        return string.Create(CultureInfo.InvariantCulture, $"{net}.{place / 256}.{place % 256}");
    }

    /// <summary>A service as the rival has left it.</summary>
    private sealed record RivalService(int Number, string Annotations, string Spec, string[] Addresses, string Namespace = "default")
    {
        public string Name => string.Create(CultureInfo.InvariantCulture, $"s{Number}");

        public string Manifest => $"---\napiVersion: v1\nkind: Service\nmetadata: {{name: {Name}, namespace: {Namespace}, "
            + $"annotations: {{{Annotations}}}}}\nspec: {{type: LoadBalancer, {Spec}}}\n";
    }
}
