using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Protocols.Tests.Ethernet;

public class VirtualMacTests
{
    private const int LocalUnicast = 0b10, KindBits = 0b1111; // IEEE 802c: administratively assigned

    [Theory]
    [InlineData("192.0.2.10", "a2:4c:c0:00:02:0a")]
    [InlineData("0.0.0.0", "a2:4c:00:00:00:00")]
    [InlineData("255.255.255.255", "a2:4c:ff:ff:ff:ff")]
    public void An_ipv4_address_stands_in_it(string address, string mac) => Assert.Equal(MacAddress.Parse(mac), VirtualMac.Of(Ipv4.Parse(address)));

    /// <summary>Nodes of two versions must agree for as long as one hands over to the other.</summary>
    [Theory]
    [InlineData("fd77::100", "b2:48:76:b3:8e:ff")]
    [InlineData("2001:db8::1", "b2:4d:e8:97:d9:54")]
    public void That_of_an_ipv6_address_never_changes(string address, string mac) => Assert.Equal(mac, VirtualMac.Of(Ipv6.Parse(address)).ToString());

    [Fact]
    public void All_are_local_and_unicast() => Prop.ForAll(Generators.Ipv4s.ToArbitrary(), Generators.Ipv6s.ToArbitrary(), (four, six) =>
        ((VirtualMac.Of(four).Value >> 40) & KindBits) == LocalUnicast && ((VirtualMac.Of(six).Value >> 40) & KindBits) == LocalUnicast)
            .QuickCheckThrowOnFailure();

    [Fact]
    public void The_addresses_of_one_prefix_have_one_each()
    {
        var prefix = Ipv6.Parse("2001:db8::").Upper;
        var macs = Enumerable.Range(0, 20_000).Select(index => VirtualMac.Of(new Ipv6(prefix, (ulong)index)));
        Assert.Equal(20_000, macs.Distinct().Count());
    }
}
