using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Tests.Nodes;

public class KernelAddressesTests
{
    private static readonly Address Vip = Address.Parse("192.0.2.100");

    private static LinkState Link(string name, int arpIgnore, string connected, params string[] bears) =>
        new(name, 1, true, default, [Prefix.Parse(connected)], [], bears.Select(Address.Parse).ToEquatableList(), arpIgnore);

    [Theory]
    [InlineData(0, false, true, true)]
    [InlineData(1, false, true, false)]
    [InlineData(2, true, true, false)]
    [InlineData(2, false, false, false)]
    [InlineData(3, false, true, true)]
    [InlineData(8, true, false, false)]
    public void The_kernel_answers_arp_as_its_setting_says(int arpIgnore, bool inSubnet, bool whenBorneHere, bool whenBorneElsewhere)
    {
        var connected = inSubnet ? "192.0.2.0/24" : "198.51.100.0/24";
        var (here, bare) = (Link("eth0", arpIgnore, connected, "192.0.2.100"), Link("eth0", arpIgnore, connected));
        Assert.Equal(whenBorneHere, KernelAddresses.Answers(new([here]), here, Vip));
        Assert.Equal(whenBorneElsewhere, KernelAddresses.Answers(new([bare, Link("lo", arpIgnore, "127.0.0.0/8", "192.0.2.100")]), bare, Vip));
        Assert.False(KernelAddresses.Answers(new([bare]), bare, Vip));
    }

    [Fact]
    public void Neighbour_discovery_is_answered_only_where_the_address_is()
    {
        var vip = Address.Parse("fd77::100");
        var (here, bare) = (Link("eth0", 0, "fd77::/64", "fd77::100"), Link("eth1", 0, "fd77::/64"));
        Assert.True(KernelAddresses.Answers(new([here, bare]), here, vip));
        Assert.False(KernelAddresses.Answers(new([here, bare]), bare, vip));
        Assert.True(KernelAddresses.Owns(new([here, bare]), vip));
    }

    [Fact]
    public void What_is_excepted_is_left_out_whatever_else_is_said()
    {
        var links = new NodeLinks([Link("docker0", 0, "192.0.2.0/24"), Link("eth0", 0, "192.0.2.0/24"), Link("eth1", 0, "198.51.100.0/24")]);
        InterfaceSelector docker = new InterfaceSelector.Except(new InterfaceSelector.Pattern("docker.*"));
        Assert.Equal(["docker0", "eth0"], InterfaceSelection.Choose(links, [], Vip));
        Assert.Equal(["eth0"], InterfaceSelection.Choose(links, [docker], Vip));
        Assert.Equal(["eth1"], InterfaceSelection.Choose(links,
            [docker, new InterfaceSelector.Pattern("eth.|docker."), new InterfaceSelector.Except(new InterfaceSelector.Named("eth0"))], Vip));
    }
}
