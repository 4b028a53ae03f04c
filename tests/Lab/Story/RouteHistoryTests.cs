using System.Collections.Immutable;
using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Lab.Routers;

namespace OrleansLb.Lab.Tests.Story;

/// <summary>What the lab makes of the changes that a router's kernel tells.</summary>
public sealed class RouteHistoryTests
{
    private const string Several = "198.51.100.9 proto bird metric 32 \\\tnexthop via 10.0.0.12 dev eth0 weight 1 \\\tnexthop via 10.0.0.11 dev eth0 weight 1 ";

    private static readonly Prefix Nine = Prefix.Parse("198.51.100.9/32"), Ten = Prefix.Parse("198.51.100.10/32");
    private static readonly Address One = Address.Parse("10.0.0.11"), Two = Address.Parse("10.0.0.12");

    [Theory]
    [InlineData(Several, "bird", "198.51.100.9/32 10.0.0.11 10.0.0.12")]
    [InlineData("198.51.100.9 nhid 22 proto bgp metric 20 \\\tnexthop via 10.0.0.11 dev eth0 weight 1 ", "bgp", "198.51.100.9/32 10.0.0.11")]
    [InlineData("198.51.100.0/24 via 10.0.0.11 dev eth0 proto bird metric 32 ", "bird", "198.51.100.0/24 10.0.0.11")]
    [InlineData("Deleted 198.51.100.9 via 10.0.0.11 dev eth0 proto bird metric 32 ", "bird", "198.51.100.9/32")]
    [InlineData("Deleted " + Several, "bird", "198.51.100.9/32")]
    [InlineData(Several, "bgp", null)]
    [InlineData("blackhole 192.0.2.255 ", "bird", null)]
    [InlineData("local 10.0.0.1 dev eth0 table local proto kernel scope host src 10.0.0.1 ", "bird", null)]
    [InlineData("Deleted", "bird", null)]
    [InlineData("", "bird", null)]
    public void A_line_of_ip_monitor_is_read(string line, string protocol, string? expected)
    {
        var change = RouteEvent.Read(line, protocol, at: 7);

        Assert.Equal(expected, change is null ? null : string.Join(' ', [change.Prefix.ToString(), .. change.NextHops.Select(hop => hop.ToString())]));
        Assert.Equal(7, change?.At ?? 7);
    }

    [Fact]
    public void The_table_is_what_was_told_last()
    {
        var history = History((1, Nine, [One]), (2, Ten, [One, Two]), (3, Nine, [One, Two]), (4, Ten, []));

        Assert.Equal([Nine], history.Table.Keys);
        Assert.Equal([One, Two], history.Table[Nine]);
    }

    [Fact]
    public void A_prefix_that_led_nowhere_for_a_while_is_a_gap_and_a_replaced_route_is_none()
    {
        var history = History((1, Nine, [One]), (2, Ten, [One]), (3, Nine, []), (4, Ten, [Two]), (5, Nine, [Two]));

        Assert.Equal([new RouteGap(Nine, 3, 5)], history.Gaps([Nine, Ten], since: 3));
        Assert.Empty(history.Gaps([Nine, Ten], since: 6));
    }

    [Fact]
    public void A_gap_that_began_before_counts_from_then_and_one_without_an_end_is_told_so()
    {
        var history = History((1, Nine, [One]), (2, Nine, []), (6, Ten, [One]));

        Assert.Equal([new RouteGap(Nine, 4, null), new RouteGap(Ten, 4, 6)], history.Gaps([Nine, Ten], since: 4));
    }

    [Fact]
    public void The_moment_is_known_at_which_the_last_prefix_left_a_next_hop()
    {
        var history = History((1, Nine, [One, Two]), (2, Ten, [One, Two]), (5, Nine, [Two]), (6, Ten, [Two]), (8, Nine, [One, Two]));

        Assert.Equal(6, history.FirstWith(One, 0, since: 3));
        Assert.Equal(8, history.FirstWith(One, 1, since: 7));
        Assert.Equal(3, history.FirstWith(Two, 2, since: 3));
        Assert.Null(history.FirstWith(One, 2, since: 7));
    }

    private static RouteHistory History(params (long At, Prefix Prefix, Address[] NextHops)[] changes) =>
        new([.. changes.Select(change => new RouteEvent(change.At, change.Prefix, [.. change.NextHops]))]);
}
