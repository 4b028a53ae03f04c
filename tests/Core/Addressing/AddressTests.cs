using System.Net;
using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Tests.Addressing;

public class AddressTests
{
    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("192.0.2.10")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("2001:db8::10")]
    [InlineData("fe80::1:2:3:4")]
    public void An_address_reads_and_shows_itself_alike(string text) => Assert.Equal(text, Address.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("192.0.2")]
    [InlineData("192.0.2.1.1")]
    [InlineData("192.0.2.256")]
    [InlineData("192.0.2.01")]
    [InlineData("192.0.2.1 ")]
    [InlineData("192.0.2.+1")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("3221225994")]
    [InlineData("fe80::1%eth0")]
    [InlineData("[2001:db8::1]")]
    [InlineData("2001:db8::/64")]
    [InlineData("2001:db8::1::2")]
    [InlineData("host.example")]
    public void What_is_no_address_is_refused(string text) => Assert.False(Address.TryParse(text, out _));

    [Fact]
    public void Addresses_agree_with_the_platform_s() =>
        Prop.ForAll(Gen.Choose(0, 255).Select(value => (byte)value).ArrayOf(16).ToArbitrary(), bytes =>
        {
            var six = new IPAddress(bytes);
            var four = new IPAddress(bytes.AsSpan(0, 4));
            return Address.From(six).ToIPAddress().Equals(six) && Address.Parse(six.ToString()) == Address.From(six)
                && Address.Parse(four.ToString()) == Address.From(four);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Families_sort_apart_and_addresses_by_value()
    {
        Address[] sorted = [Address.Parse("192.0.2.9"), Address.Parse("192.0.2.10"), Address.Parse("::"), Address.Parse("::ffff")];
        Assert.Equal(sorted, sorted.Reverse().Order());
    }
}
