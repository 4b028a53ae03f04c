using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Tests.Addressing;

public class AddressRangeTests
{
    [Theory]
    [InlineData("192.0.2.10", "192.0.2.10", "192.0.2.10")]
    [InlineData("192.0.2.10-192.0.2.20", "192.0.2.10", "192.0.2.20")]
    [InlineData(" 192.0.2.10 - 192.0.2.20 ", "192.0.2.10", "192.0.2.20")]
    [InlineData("192.0.2.0/30", "192.0.2.0", "192.0.2.3")]
    [InlineData("192.0.2.7/24", "192.0.2.0", "192.0.2.255")]
    [InlineData("0.0.0.0/0", "0.0.0.0", "255.255.255.255")]
    [InlineData("192.0.2.1/32", "192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8::/64", "2001:db8::", "2001:db8::ffff:ffff:ffff:ffff")]
    [InlineData("::/0", "::", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff")]
    [InlineData("2001:db8::1-2001:db8::f", "2001:db8::1", "2001:db8::f")]
    public void A_range_reads_from_every_form(string text, string first, string last)
    {
        var range = AddressRange.Parse(text);
        Assert.Equal((Address.Parse(first), Address.Parse(last)), (range.First, range.Last));
    }

    [Theory]
    [InlineData("192.0.2.20-192.0.2.10", "write it as 192.0.2.10-192.0.2.20")]
    [InlineData("192.0.2.1-2001:db8::1", "must be of one family")]
    [InlineData("192.0.2.1-", "the end ''")]
    [InlineData("-192.0.2.1", "the start ''")]
    [InlineData("192.0.2.1-192.0.2.300", "the end '192.0.2.300'")]
    [InlineData("192.0.2.0/33", "not a CIDR prefix")]
    [InlineData("192.0.2.0/-1", "not a CIDR prefix")]
    [InlineData("192.0.2.0/255.255.255.0", "not a CIDR prefix")]
    [InlineData("2001:db8::/129", "not a CIDR prefix")]
    [InlineData("nonsense", "write it as")]
    [InlineData("", "write it as")]
    public void A_range_that_is_wrong_is_refused_with_what_to_write(string text, string fault)
    {
        Assert.False(AddressRange.TryParse(text, out _, out var said));
        Assert.Contains(fault, said, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_neither_overflow_nor_wrap()
    {
        Assert.Equal((UInt128)1, AddressRange.Parse("192.0.2.1").Size);
        Assert.Equal((UInt128)1 << 32, AddressRange.Parse("0.0.0.0/0").Size);
        Assert.Equal((UInt128)1 << 64, AddressRange.Parse("2001:db8::/64").Size);
        Assert.Equal(UInt128.MaxValue, AddressRange.Parse("::/0").Size);
    }

    [Theory]
    [InlineData("192.0.2.0/25", "192.0.2.127-192.0.2.130", true)]
    [InlineData("192.0.2.0/25", "192.0.2.128/25", false)]
    [InlineData("0.0.0.0/0", "192.0.2.1", true)]
    [InlineData("::/0", "192.0.2.1", false)]
    public void Ranges_overlap_when_they_share_an_address(string one, string other, bool expected)
    {
        Assert.Equal(expected, AddressRange.Parse(one).Overlaps(AddressRange.Parse(other)));
        Assert.Equal(expected, AddressRange.Parse(other).Overlaps(AddressRange.Parse(one)));
    }

    [Fact]
    public void A_prefix_of_length_zero_has_its_whole_family()
    {
        Assert.True(Prefix.Parse("0.0.0.0/0").Contains(Address.Parse("255.255.255.255")));
        Assert.False(Prefix.Parse("0.0.0.0/0").Contains(Address.Parse("::1")));
        Assert.True(Prefix.Parse("::/0").Contains(Address.Parse("ffff::")));
        Assert.Equal("192.0.2.128/25", Prefix.Parse("192.0.2.200/25").ToString());
    }
}
