using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Protocols.Tests.Ethernet;

public class EthernetTests
{
    [Fact]
    public void A_header_reads_destination_then_source_then_type()
    {
        Assert.True(EthernetHeader.TryRead(Hex.Bytes("ffffffffffff 02005e100001 0806 dead"), out var header));
        Assert.Equal(new(MacAddress.Broadcast, MacAddress.Parse("02:00:5e:10:00:01"), EtherType.Arp), header);
    }

    [Fact]
    public void Every_header_survives_the_wire() => Prop.ForAll(Generators.EthernetHeaders.ToArbitrary(), header =>
    {
        var bytes = new byte[EthernetHeader.Length];
        header.Write(bytes);
        return EthernetHeader.TryRead(bytes, out var back) && back == header;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_truncation_is_refused()
    {
        for (var length = 0; length < EthernetHeader.Length; length++) Assert.False(EthernetHeader.TryRead(new byte[length], out _));
    }

    [Theory]
    [InlineData("ff02::1", "33:33:00:00:00:01")]
    [InlineData("ff02::1:ff00:99", "33:33:ff:00:00:99")]
    public void An_ipv6_group_has_its_ethernet_group(string group, string mac) => Assert.Equal(MacAddress.Parse(mac), MacAddress.ForGroup(Ipv6.Parse(group)));

    [Theory]
    [InlineData("ff:ff:ff:ff:ff:ff", true)]
    [InlineData("33:33:00:00:00:01", true)]
    [InlineData("02:00:5e:10:00:01", false)]
    public void The_group_bit_is_the_lowest_of_the_first_octet(string mac, bool group) => Assert.Equal(group, MacAddress.Parse(mac).IsGroup);

    [Theory]
    [InlineData("")]
    [InlineData("02:00:5e:10:00")]
    [InlineData("02-00-5e-10-00-01")]
    [InlineData("02:00:5e:10:00:0g")]
    [InlineData("02:00:5e:10:00:+1")]
    [InlineData("02:00:5e:10:00:01:")]
    public void What_is_no_mac_address_is_refused(string text) => Assert.False(MacAddress.TryParse(text, out _));

    [Fact]
    public void Mac_text_survives() =>
        Prop.ForAll(Generators.Macs.ToArbitrary(), mac => MacAddress.Parse(mac.ToString()) == mac).QuickCheckThrowOnFailure();
}
