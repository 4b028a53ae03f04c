using System.Net;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Protocols.Tests.Bgp;

public class UpdateBytesTests
{
    private const string Marker = "ffffffffffffffffffffffffffffffff";

    private static readonly UpdateFormat Four = Wire.FourOctets;
    private static readonly UpdateFormat Two = new();
    private static readonly UpdateFormat AddPath = new() { FourOctetAs = true, AddPath = [Family.Ipv4Unicast] };
    private static readonly UpdateFormat Extended = new() { FourOctetAs = true, ExtendedNextHop = true };

    private static readonly PathAttributes External = new()
    {
        Origin = Origin.Igp, AsPath = AsPath.Sequence(new Asn(65000)), NextHop = NextHop.Parse("192.0.2.1"),
    };

    /// <summary>Announcements as they stand on the wire: attributes, then NLRI.</summary>
    public static IEnumerable<TheoryDataRow<string, string, UpdateFormat, PathAttributes, string[]>> Announcements =>
    [
        new("400101 00 400206 0201 0000fde8 400304 c0000201", "20 cb007101", Four, External, ["203.0.113.1/32"])
            { TestDisplayName = "one IPv4 route to an external peer" },
        new("400101 00 400206 0201 0000fde8 400304 c0000201", "18 cb0071 0a c640 10 c633 00", Four, External,
            ["203.0.113.0/24", "198.64.0.0/10", "198.51.0.0/16", "0.0.0.0/0"]) { TestDisplayName = "prefixes take only the octets they need" },
        new("400101 00 400200 400304 c0000201 800404 00000007 400504 000000c8", "20 cb007101 20 cb007102", Four,
            External with { AsPath = AsPath.Empty, MultiExitDisc = 7, LocalPref = 200 }, ["203.0.113.1/32", "203.0.113.2/32"])
            { TestDisplayName = "an internal peer: empty path, MED, LOCAL_PREF" },
        new("400101 00 400206 0201 0000fde8 400304 c0000201 400600 c00708 0000fde8 c0000201 c00808 fde80001 ffffff01"
            + " c01008 0002fde8 00000064 c0200c 0000fbf4 00000001 00000002", "20 cb007101", Four,
            External with
            {
                AtomicAggregate = true,
                Aggregator = new(new(65000), RouterId.Parse("192.0.2.1")),
                Communities = [Community.Parse("65000:1"), Community.NoExport],
                ExtendedCommunities = [ExtendedCommunity.RouteTarget(new(65000), 100)],
                LargeCommunities = [new(64500, 1, 2)],
            }, ["203.0.113.1/32"]) { TestDisplayName = "aggregate and communities of all three kinds" },
        new("400101 00 400206 0202 5ba0fde9 400304 c0000201 c0110a 0202 00010000 0000fde9 c02304 00010000", "20 cb007101", Two,
            External with { AsPath = AsPath.Sequence(new Asn(65536), new Asn(65001)), OnlyToCustomer = new Asn(65536) }, ["203.0.113.1/32"])
            { TestDisplayName = "a two-octet peer: AS_TRANS and AS4_PATH; ONLY_TO_CUSTOMER" },
        new("400101 00 400204 0201 5ba0 400304 c0000201 c00706 5ba0 c0000201 c01106 0201 00010000 c01208 00010000 c0000201", "20 cb007101", Two,
            External with { AsPath = AsPath.Sequence(new Asn(65536)), Aggregator = new(new(65536), RouterId.Parse("192.0.2.1")) }, ["203.0.113.1/32"])
            { TestDisplayName = "a two-octet peer: AS4_AGGREGATOR" },
        new("400101 00 400206 0201 0000fde8 400304 c0000201", "00000005 20 cb007101", AddPath, External, ["203.0.113.1/32#5"])
            { TestDisplayName = "a path identifier before the prefix" },
        new("900e 0026 0002 01 10 20010db8000000000000000000000001 00 80 20010db8000000000000000000000100 400101 00 400206 0201 0000fde8", "", Four,
            External with { NextHop = NextHop.Parse("2001:db8::1") }, ["2001:db8::100/128"]) { TestDisplayName = "IPv6: MP_REACH_NLRI first" },
        new("900e 002c 0002 01 20 20010db8000000000000000000000001 fe800000000000000000000000000001 00 30 20010db80001 400101 00 400206 0201 0000fde8", "",
            Four,
            External with { NextHop = NextHop.From(IPAddress.Parse("2001:db8::1"), IPAddress.Parse("fe80::1")) }, ["2001:db8:1::/48"])
            { TestDisplayName = "IPv6 with a link-local next hop beside the global one" },
        new("900e 001a 0001 01 10 fe800000000000000000000000000001 00 20 cb007101 400101 00 400206 0201 0000fde8", "", Extended,
            External with { NextHop = NextHop.Parse("fe80::1") }, ["203.0.113.1/32"]) { TestDisplayName = "IPv4 with an IPv6 next hop (RFC 8950)" },
    ];

    [Theory, MemberData(nameof(Announcements))]
    public void An_announcement_is_written_so(string attributesField, string nlri, UpdateFormat format, PathAttributes attributes, string[] routes)
    {
        var buffer = new byte[4096];
        var length = UpdateWriter.Announce(buffer, format, attributes, Nlris(routes), out var taken);
        Assert.Equal(Hex.Text(Wire.Update("", attributesField, nlri)), Hex.Text(buffer.AsSpan(0, length)));
        Assert.Equal(routes.Length, taken);
    }

    [Theory, MemberData(nameof(Announcements))]
    public void And_is_judged_faultless(string attributesField, string nlri, UpdateFormat format, PathAttributes attributes, string[] routes)
    {
        var update = UpdateReader.Read(Wire.Update("", attributesField, nlri).AsSpan(BgpHeader.Length), format with { IsInternal = true });
        Assert.Equal([], update.Faults);
        Assert.Equal((routes.Length, 0), (update.Announced, update.Withdrawn));
        Assert.Equal(attributes.NextHop, update.Attributes.NextHop);
        Assert.Equal(attributes.LargeCommunities, update.Attributes.LargeCommunities);
        Assert.Equal(attributes.OnlyToCustomer, update.Attributes.OnlyToCustomer);
    }

    /// <summary>Withdrawals and End-of-RIB as they stand on the wire.</summary>
    public static IEnumerable<TheoryDataRow<string, string, UpdateFormat, string[]>> Withdrawals =>
    [
        new("20 cb007101 18 cb0072", "", Four, ["203.0.113.1/32", "203.0.114.0/24"]) { TestDisplayName = "IPv4" },
        new("00000005 20 cb007101", "", AddPath, ["203.0.113.1/32#5"]) { TestDisplayName = "IPv4 with a path identifier" },
        new("", "900f 000a 0002 01 30 20010db80001", Four, ["2001:db8:1::/48"]) { TestDisplayName = "IPv6" },
        new("", "900f 0008 0001 01 20 cb007101", Extended, ["203.0.113.1/32"]) { TestDisplayName = "IPv4 where its next hops are IPv6" },
    ];

    [Theory, MemberData(nameof(Withdrawals))]
    public void A_withdrawal_is_written_so_and_counted(string withdrawn, string attributesField, UpdateFormat format, string[] routes)
    {
        var buffer = new byte[4096];
        var length = UpdateWriter.Withdraw(buffer, format, Nlris(routes), out var taken);
        Assert.Equal(Hex.Text(Wire.Update(withdrawn, attributesField, "")), Hex.Text(buffer.AsSpan(0, length)));
        Assert.Equal(routes.Length, taken);
        var update = UpdateReader.Read(buffer.AsSpan(BgpHeader.Length, length - BgpHeader.Length), format);
        Assert.Equal((0, routes.Length, 0), (update.Announced, update.Withdrawn, update.Faults.Count));
    }

    [Theory]
    [InlineData(Afi.Ipv4, $"{Marker} 0017 02 0000 0000")]
    [InlineData(Afi.Ipv6, $"{Marker} 001d 02 0000 0006 800f03 0002 01")]
    public void End_of_rib_is_written_so_and_recognised(Afi afi, string bytes)
    {
        var family = new Family(afi, Safi.Unicast);
        var buffer = new byte[64];
        var length = UpdateWriter.EndOfRib(buffer, family);
        Assert.Equal(Hex.Text(Hex.Bytes(bytes)), Hex.Text(buffer.AsSpan(0, length)));
        Assert.Equal(family, UpdateReader.Read(buffer.AsSpan(BgpHeader.Length, length - BgpHeader.Length), Four).EndOfRib);
    }

    private static Nlri[] Nlris(string[] routes) => [.. routes.Select(Nlri)];

    // "203.0.113.1/32#5": path 5
    private static Nlri Nlri(string text) =>
        text.Split('#') is [var prefix, var path] ? new(Prefix.Parse(prefix), uint.Parse(path, null)) : new(Prefix.Parse(text));
}
