using System.Net;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Protocols.Tests.Bgp;

public class ValueTests
{
    [Theory]
    [InlineData("64500", 64500u)]
    [InlineData("4294967295", 4294967295u)]
    [InlineData("1.14", 65550u)]
    public void An_as_number_reads_asplain_and_asdot(string text, uint value) => Assert.Equal(new Asn(value), Asn.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("4294967296")]
    [InlineData("65536.1")]
    [InlineData("AS1")]
    public void What_is_no_as_number_is_refused(string text) => Assert.False(Asn.TryParse(text, out _));

    [Theory]
    [InlineData("65000:100", 0xFDE80064)]
    [InlineData("no-export", 0xFFFFFF01)]
    [InlineData("NO_ADVERTISE", 0xFFFFFF02)]
    [InlineData("no-export-subconfed", 0xFFFFFF03)]
    [InlineData("graceful-shutdown", 0xFFFF0000)]
    [InlineData("blackhole", 0xFFFF029A)]
    [InlineData("65535:65281", 0xFFFFFF01)]
    public void A_community_reads_numbers_and_names(string text, uint value) => Assert.Equal(new Community(value), Community.Parse(text));

    [Theory]
    [InlineData("65536:1")]
    [InlineData("1:2:3")]
    [InlineData("no-import")]
    [InlineData("")]
    public void What_is_no_community_is_refused(string text) => Assert.False(Community.TryParse(text, out _));

    [Theory]
    [InlineData("64500:1:2")]
    [InlineData("large:64500:1:2")]
    public void A_large_community_reads_with_and_without_its_tag(string text) =>
        Assert.Equal("64500:1:2", LargeCommunity.Parse(text).ToString());

    [Theory]
    [InlineData("rt:65000:100", 0x0002FDE800000064)]
    [InlineData("rt:65536:100", 0x0202000100000064)]
    [InlineData("soo:65000:100", 0x0003FDE800000064)]
    [InlineData("bandwidth:65000:125000", 0x4004FDE847F42400)]
    [InlineData("0x0001020304050607", 0x0001020304050607)]
    public void An_extended_community_reads_and_prints(string text, ulong value)
    {
        Assert.True(ExtendedCommunity.TryParse(text, out var community));
        Assert.Equal(value, community.Value);
        Assert.Equal(text, community.ToString());
    }

    [Fact]
    public void A_link_bandwidth_stays_within_the_as_unless_asked_to_travel()
    {
        Assert.False(ExtendedCommunity.LinkBandwidth(new(65000), 1).IsTransitive);
        Assert.True(ExtendedCommunity.LinkBandwidth(new(65000), 1, transitive: true).IsTransitive);
    }

    [Theory]
    [InlineData("192.0.2.77/24", "192.0.2.0/24")]
    [InlineData("192.0.2.77/0", "0.0.0.0/0")]
    [InlineData("2001:db8::ffff/65", "2001:db8::/65")]
    [InlineData("2001:db8::1/128", "2001:db8::1/128")]
    public void A_prefix_has_no_host_bits(string text, string expected)
    {
        Assert.Equal(expected, Prefix.Parse(text).ToString());
        Assert.Equal(Prefix.Parse(expected), Prefix.Parse(text));
    }

    [Theory]
    [InlineData("192.0.2.0/33")]
    [InlineData("2001:db8::/129")]
    [InlineData("192.0.2.0")]
    [InlineData("x/8")]
    public void What_is_no_prefix_is_refused(string text) => Assert.False(Prefix.TryParse(text, out _));

    [Fact]
    public void Prefixes_sort_by_family_then_address_then_length() =>
        Assert.Equal(["10.0.0.0/8", "10.0.0.0/16", "192.0.2.0/24", "2001:db8::/32"],
            new[] { "2001:db8::/32", "192.0.2.0/24", "10.0.0.0/16", "10.0.0.0/8" }.Select(Prefix.Parse).Order().Select(prefix => prefix.ToString()));

    [Theory]
    [InlineData("192.0.2.1", true)]
    [InlineData("0.0.0.0", false)]
    [InlineData("127.0.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("240.0.0.1", false)]
    [InlineData("2001:db8::1", true)]
    [InlineData("::", false)]
    [InlineData("::1", false)]
    [InlineData("ff02::1", false)]
    public void A_next_hop_is_a_host(string address, bool host) => Assert.Equal(host, NextHop.From(IPAddress.Parse(address)).IsHostAddress);

    [Theory]
    [InlineData(BgpRole.Provider, BgpRole.Customer)]
    [InlineData(BgpRole.RouteServer, BgpRole.RouteServerClient)]
    [InlineData(BgpRole.Peer, BgpRole.Peer)]
    public void Roles_fit_in_both_directions(BgpRole one, BgpRole other)
    {
        Assert.True(one.Fits(other));
        Assert.True(other.Fits(one));
    }

    [Fact]
    public void Five_pairs_of_roles_out_of_twenty_five_fit() =>
        Assert.Equal(5, Enum.GetValues<BgpRole>().SelectMany(_ => Enum.GetValues<BgpRole>(), (one, other) => one.Fits(other)).Count(fits => fits));

    [Fact]
    public void Jitter_takes_at_most_a_quarter()
    {
        Assert.Equal(TimeSpan.FromSeconds(100), Jitter.None.Apply(TimeSpan.FromSeconds(100)));
        Assert.Equal(TimeSpan.FromSeconds(75), Jitter.Of(0).Apply(TimeSpan.FromSeconds(100)));
        Assert.Equal(TimeSpan.FromSeconds(100), Jitter.Of(1).Apply(TimeSpan.FromSeconds(100)));
    }

    [Fact]
    public void Lists_equal_by_their_elements()
    {
        ValueList<int> one = [1, 2], same = [1, 2], other = [2, 1];
        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, other);
        Assert.Equal([], default(ValueList<int>));
    }
}
