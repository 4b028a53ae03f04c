using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;
using OrleansLb.Speaker.Links.Linux.Netlink;

namespace OrleansLb.Speaker.Tests.Links;

/// <summary>rtnetlink's messages, octet by octet (of a little-endian machine, as all that .NET runs on here are).</summary>
public class NetlinkRowTests
{
    private static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    private static AddressRow Borne(int index, string cidr) =>
        new(index, Address.Parse(cidr[..cidr.IndexOf('/', StringComparison.Ordinal)]), Prefix.Parse(cidr));

    private const string Eth0 = "0a00 0300 65746830 0000 0000"; // IFLA_IFNAME, padded
    private const string Mac = "0a00 0100 020000000001 0000";

    /// <summary>struct ifinfomsg of interface 2: Ethernet, with these flags.</summary>
    private static string Header(string flags, string type = "0100") => $"0000 {type} 02000000 {flags} 00000000";

    [Fact]
    public void A_link_is_read_with_its_name_and_address()
    {
        var row = LinkRow.Read(Hex(Header("43100100") + Eth0 + Mac));
        Assert.Equal(new(2, "eth0", 1, (LinkFlags)0x11043, new HardwareAddress(0x020000000001), false, null, null, false), row);
        Assert.True(row!.Usable);
    }

    [Theory]
    [InlineData("42100100", "", "not up")]
    [InlineData("03100000", "", "no carrier")]
    [InlineData("c3100100", "", "no ARP")]
    [InlineData("4b100100", "", "loopback")]
    [InlineData("43180100", "", "in a bond")]
    [InlineData("41100100", "", "no broadcast")]
    [InlineData("43100100", "0800 0a00 05000000", "has a master")]
    [InlineData("43100100", "0800 0a00 05000000  1000 1280 0b00 0400 62726964676500 00", "port of a bridge")]
    public void What_cannot_announce_is_not_usable(string flags, string more, string why) =>
        Assert.False(LinkRow.Read(Hex(Header(flags) + Eth0 + Mac + more))!.Usable, why);

    [Fact]
    public void A_tunnel_is_not_usable() => Assert.False(LinkRow.Read(Hex(Header("43100100", "0003") + Eth0))!.Usable);

    [Fact]
    public void A_member_of_a_vrf_is_usable() =>
        Assert.True(LinkRow.Read(Hex(Header("43100100") + Eth0 + "0800 0a00 05000000  0c00 1280 0800 0400 76726600"))!.Usable);

    [Theory]
    [InlineData("04000000", true)]
    [InlineData("03000000", true)]
    [InlineData("02000000", false)]
    public void A_failover_asks_to_notify_the_peers(string kind, bool expected) =>
        Assert.Equal(expected, LinkRow.Read(Hex(Header("43100100") + Eth0 + "0800 2c00" + kind))!.NotifyPeers);

    [Fact]
    public void An_address_is_read_as_its_connected_prefix() =>
        Assert.Equal(new(2, Address.Parse("192.0.2.5"), Prefix.Parse("192.0.2.0/24")),
            AddressRow.Read(Hex("02 18 80 00 02000000  0800 0200 c0000205  0800 0100 c0000205")));

    [Fact]
    public void On_a_point_to_point_link_the_peer_is_connected() =>
        Assert.Equal(new(2, Address.Parse("192.0.2.5"), Prefix.Parse("198.51.100.7/32")),
            AddressRow.Read(Hex("02 20 80 00 02000000  0800 0100 c6336407  0800 0200 c0000205")));

    [Fact]
    public void A_route_is_read_with_its_interface() =>
        Assert.Equal(new(Prefix.Parse("198.51.100.0/24"), [2]), RouteRow.Read(Hex("02 18 00 00 fe 03 00 01 00000000  0800 0100 c6336400  0800 0400 02000000")));

    [Fact]
    public void A_default_route_has_no_destination_on_the_wire() =>
        Assert.Equal(new(Prefix.Parse("::/0"), [3]), RouteRow.Read(Hex("0a 00 00 00 fe 03 00 01 00000000  0800 0400 03000000")));

    [Fact]
    public void A_multipath_route_has_all_its_interfaces() =>
        Assert.Equal([2, 3],
            RouteRow.Read(Hex("02 00 00 00 fe 03 00 01 00000000  1c00 0900 1000 00 00 02000000 0800 0500 c0000201  0800 00 00 03000000"))!.Interfaces);

    [Theory]
    [InlineData("02 20 00 00 ff 02 fe 02 00000000  0800 0100 c0000205  0800 0400 01000000", "the local table")]
    [InlineData("02 18 00 00 fe 03 00 06 00000000  0800 0100 c6336400  0800 0400 02000000", "a blackhole")]
    [InlineData("02 18 00 00 fe 03 00 01 00000000  0800 0100 c6336400", "no interface")]
    public void Other_routes_are_passed_over(string bytes, string why) => Assert.True(RouteRow.Read(Hex(bytes)) is null, why);

    [Fact]
    public void No_bytes_throw() => Prop.ForAll<byte[]>(bytes =>
    {
        ReadOnlySpan<byte> rest = bytes;
        while (NetlinkMessage.TryTake(ref rest, out _))
        {
            // each takes some of the rest away, or the loop would not end
        }
        LinkRow.Read(bytes);
        AddressRow.Read(bytes);
        RouteRow.Read(bytes);
        byte[] route = [.. Hex("02 18 00 00 fe 03 00 01 00000000"), .. bytes];
        RouteRow.Read(route);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Interfaces_are_joined_with_their_addresses_and_routes()
    {
        var link = LinkRow.Read(Hex(Header("43100100") + Eth0 + Mac))!;
        var links =
            new LinkTable([link with { Index = 3, Name = "zzz" }, link], [Borne(2, "192.0.2.5/24"), Borne(2, "192.0.2.4/24"), Borne(9, "203.0.113.1/24")],
            [new(Prefix.Parse("0.0.0.0/0"), [2, 3])]).ToNodeLinks(new Dictionary<string, int>());
        Assert.Equal(new([
            new("eth0", 2, true, new(0x020000000001), [Prefix.Parse("192.0.2.0/24")], [Prefix.Parse("0.0.0.0/0")],
                [Address.Parse("192.0.2.4"), Address.Parse("192.0.2.5")]),
            new("zzz", 3, true, new(0x020000000001), [], [Prefix.Parse("0.0.0.0/0")])]), links);
    }
}
