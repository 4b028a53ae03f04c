using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Tests.Namespaces;

/// <summary>What rtnetlink tells of a namespace, and the interface that is chosen by it.</summary>
public class KernelLinksTests
{
    private static LinkState Link(NodeLinks links, string name) => links.Links.Single(link => link.Name == name);

    private static EquatableList<string> Reaching(NodeLinks links, string target) =>
        InterfaceSelection.Choose(links, [new InterfaceSelector.CanReach(Address.Parse(target))], Address.Parse(target));

    [Fact]
    public async Task An_interface_is_told_with_its_addresses_and_main_table_routes()
    {
        await using var lab = new NamespaceLab("node");
        lab.Run("node", "ip route add default via 192.0.2.254");
        lab.Run("node", "ip route add 198.51.100.0/24 nexthop via 192.0.2.253 nexthop via 192.0.2.252");
        lab.Run("node", "ip route add blackhole 203.0.113.0/24");
        lab.Run("node", "ip route add 203.0.113.128/25 dev eth0 table 77");
        var eth0 = Link(lab.Links("node").Read(), "eth0");
        Assert.True(eth0.Usable);
        Assert.Equal("02:00:00:00:00:01", eth0.Mac.ToString());
        Assert.Contains(Prefix.Parse("192.0.2.0/24"), eth0.Connected);
        Assert.Contains(Prefix.Parse("fd77::/64"), eth0.Connected);
        Assert.Equal([Prefix.Parse("0.0.0.0/0"), Prefix.Parse("192.0.2.0/24"), Prefix.Parse("198.51.100.0/24")],
            eth0.Routes.Where(route => route.Network.Family == IpFamily.IPv4));
    }

    [Fact]
    public async Task Loopback_bridge_ports_and_links_without_arp_are_not_usable()
    {
        await using var lab = new NamespaceLab("node");
        lab.AddVeth("node", "eth1", "second");
        lab.Run("node", "ip link add name br9 type bridge");
        lab.Run("node", "ip link set eth1 master br9 up");
        lab.Run("node", "ip link set br9 up");
        lab.AddVeth("node", "eth2", "third");
        lab.Run("node", "ip link set eth2 arp off up");
        var links = await lab.Await("node", links => Link(links, "br9").Usable);
        Assert.Equal(["br9", "eth0"], links.Links.Where(link => link.Usable).Select(link => link.Name));
    }

    [Theory]
    [InlineData("ip addr add 192.0.2.50/32 dev lo")]
    [InlineData("ip addr add 192.0.2.50/24 dev lo")]
    [InlineData("ip addr add 192.0.2.50/32 dev br-kube")]
    [InlineData("ip addr add 192.0.2.50/24 dev br-kube")]
    public async Task Can_reach_finds_the_interface_although_the_address_has_become_local(string binding)
    {
        await using var lab = new NamespaceLab("node");
        Assert.Equal(["eth0"], Reaching(lab.Links("node").Read(), "192.0.2.50"));
        lab.Run("node", "ip link add name br-kube type bridge");
        lab.AddVeth("node", "pod", "pod");
        lab.Run("node", "ip link set pod master br-kube up");
        lab.Run("node", "ip link set br-kube up");
        lab.Run("node", binding);
        Assert.Contains("local", lab.Run("node", "ip route get 192.0.2.50"), StringComparison.Ordinal); // what the rival asks
        var afterRestart = await lab.Await("node", links => Link(links, "br-kube").Usable);
        Assert.Equal(["eth0"], Reaching(afterRestart, "192.0.2.50"));
    }

    [Fact]
    public async Task Changes_are_told_as_they_happen()
    {
        await using var lab = new NamespaceLab("node");
        using var patience = new CancellationTokenSource(Wire.Patience);
        await using var changes = lab.Links("node").Watch(patience.Token).GetAsyncEnumerator(patience.Token);
        async Task<LinkState> Until(Predicate<LinkState> wanted)
        {
            do Assert.True(await changes.MoveNextAsync());
            while (!wanted(Link(changes.Current.Links, "eth0")));
            return Link(changes.Current.Links, "eth0");
        }
        await Until(eth0 => eth0.Usable);
        lab.Run("node", "ip addr add 198.51.100.7/24 dev eth0");
        await Until(eth0 => eth0.Connected.Contains(Prefix.Parse("198.51.100.0/24")));
        lab.Run("node", "ip route add 203.0.113.0/24 via 198.51.100.1");
        await Until(eth0 => eth0.Routes.Contains(Prefix.Parse("203.0.113.0/24")));
        lab.Run("node", "ip link set eth0 address 02:00:00:00:00:77");
        Assert.Equal("02:00:00:00:00:77", (await Until(eth0 => eth0.Mac.Value == 0x020000000077)).Mac.ToString());
        lab.Run("node", "ip link set eth0 down");
        await Until(eth0 => !eth0.Usable);
    }

    [Fact]
    public async Task An_interface_that_is_not_there_is_named()
    {
        await using var lab = new NamespaceLab("node");
        var refusal = Assert.Throws<LinkException>(() => lab.Links("node").Open("eth9", LinkTraffic.Arp));
        Assert.Contains("'eth9'", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_namespace_that_is_not_there_is_named()
    {
        await using var lab = new NamespaceLab();
        Assert.Contains("absent", Assert.Throws<LinkException>(() => lab.Links("absent").Read()).Message, StringComparison.Ordinal);
    }
}
