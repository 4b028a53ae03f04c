using FsCheck;
using FsCheck.Fluent;

namespace OrleansLb.Protocols.Tests;

public class AddressTests
{
    [Theory]
    [InlineData("fd77::99", "ff02::1:ff00:99")]
    [InlineData("fe80::5054:ff:fe12:3456", "ff02::1:ff12:3456")]
    [InlineData("2001:db8::ff:ffff", "ff02::1:ffff:ffff")]
    public void Solicited_node_group_keeps_the_low_24_bits(string address, string group)
    {
        Assert.Equal(Ipv6.Parse(group), Ipv6.Parse(address).SolicitedNode);
        Assert.True(Ipv6.Parse(group).IsSolicitedNode);
        Assert.False(Ipv6.Parse(address).IsSolicitedNode);
    }

    [Theory]
    [InlineData("fe80::1", true)]
    [InlineData("febf:ffff::1", true)]
    [InlineData("fec0::1", false)]
    [InlineData("fd00::1", false)]
    public void Link_local_is_fe80_10(string address, bool expected) => Assert.Equal(expected, Ipv6.Parse(address).IsLinkLocal);

    [Theory]
    [InlineData("ff02::1:ff00:0", true)]
    [InlineData("ff02::1:fe00:0", false)]
    [InlineData("ff05::1:ff00:0", false)]
    [InlineData("ff02::1", false)]
    public void Only_the_solicited_node_prefix_is_a_solicited_node_group(string address, bool expected) =>
        Assert.Equal(expected, Ipv6.Parse(address).IsSolicitedNode);

    [Theory]
    [InlineData("fd77::99")]
    [InlineData("300.1.1.1")]
    [InlineData("")]
    public void No_ipv4_address_is_refused(string text) => Assert.ThrowsAny<FormatException>(() => Ipv4.Parse(text));

    [Fact]
    public void Ipv4_text_survives() =>
        Prop.ForAll(Generators.Ipv4s.ToArbitrary(), address => Ipv4.Parse(address.ToString()) == address).QuickCheckThrowOnFailure();

    [Fact]
    public void Ipv6_text_survives() =>
        Prop.ForAll(Generators.Ipv6s.ToArbitrary(), address => Ipv6.Parse(address.ToString()) == address).QuickCheckThrowOnFailure();
}
