using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Tests.Nodes;

public class InterfaceSelectionTests
{
    private static readonly NodeLinks Links = new([
        Link("bond0", ["10.0.0.5/24", "2001:db8::5/64"], ["0.0.0.0/0"]),
        Link("eth1", ["172.16.236.152/24"], ["172.16.0.0/12"]),
        Link("lo", ["127.0.0.1/8", "172.16.236.40/32"], [], usable: false),
        Link("kube-ipvs0", ["172.16.236.41/32"], [], usable: false),
        Link("br9", ["10.0.0.9/32"], []),
    ]);

    [Theory]
    [InlineData("172.16.236.40", "eth1")] // bound to lo as a service address: the subnet still is eth1's (OpenELB issue 331)
    [InlineData("172.16.236.41", "eth1")] // bound to kube-ipvs0
    [InlineData("172.16.236.152", "eth1")]
    [InlineData("172.20.1.1", "eth1")] // by a route
    [InlineData("10.0.0.9", "bond0")] // a host address on a bridge says nothing of who is on its link
    [InlineData("203.0.113.1", "bond0")] // by the default route
    [InlineData("2001:db8::99", "bond0")]
    [InlineData("2001:db8:1::1", null)]
    public void Can_reach_means_the_interface_whose_subnet_or_route_covers_the_address(string target, string? expected) =>
        Assert.Equal(expected is null ? [] : [expected],
            InterfaceSelection.Choose(Links, [new InterfaceSelector.CanReach(Address.Parse(target))], Address.Parse("10.0.0.1")));

    [Fact]
    public void Can_reach_prefers_a_link_that_does_not_bear_the_address_itself()
    {
        var target = Address.Parse("10.1.0.9");
        var bridge = Link("br0", ["10.1.0.9/24"], ["10.1.0.0/24"]) with { Addresses = [target] };
        var uplink = Link("eth0", ["10.1.0.2/24"], ["10.1.0.0/24"]) with { Addresses = [Address.Parse("10.1.0.2")] };
        Assert.Equal(uplink, InterfaceSelection.Reaching(new([bridge, uplink]), target));
        Assert.Equal(bridge, InterfaceSelection.Reaching(new([bridge]), target));
    }

    [Fact]
    public void Without_a_selector_the_subnet_decides()
    {
        Assert.Equal(["eth1"], InterfaceSelection.Choose(Links, [], Address.Parse("172.16.236.90")));
        Assert.Empty(InterfaceSelection.Choose(Links, [], Address.Parse("203.0.113.1")));
    }

    [Fact]
    public void A_named_interface_is_taken_even_outside_its_subnet_but_only_while_usable()
    {
        Assert.Equal(["eth1"], InterfaceSelection.Choose(Links, [new InterfaceSelector.Named("eth1")], Address.Parse("203.0.113.1")));
        Assert.Empty(InterfaceSelection.Choose(Links, [new InterfaceSelector.Named("lo")], Address.Parse("127.0.0.1")));
        Assert.Empty(InterfaceSelection.Choose(Links, [new InterfaceSelector.Named("eth7")], Address.Parse("10.0.0.1")));
    }

    [Fact]
    public void A_pattern_must_match_the_whole_name() =>
        Assert.Equal(["bond0", "br9"],
            InterfaceSelection.Choose(Links, [new InterfaceSelector.Pattern("b.*[0-9]"), new InterfaceSelector.Pattern("th")], Address.Parse("10.0.0.1")));

    private static LinkState Link(string name, string[] connected, string[] routes, bool usable = true) =>
        new(name, 1, usable, default, connected.Select(Prefix.Parse).ToEquatableList(), routes.Select(Prefix.Parse).ToEquatableList());
}
