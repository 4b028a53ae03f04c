using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Protocols.Tests.Bgp;

public class MessageBytesTests
{
    private const string Marker = "ffffffffffffffffffffffffffffffff";

    /// <summary>What each message looks like on the wire, in both directions.</summary>
    public static IEnumerable<TheoryDataRow<string, BgpMessage>> Messages =>
    [
        new($"{Marker} 0013 04", new KeepaliveMessage()) { TestDisplayName = "KEEPALIVE" },
        new($"{Marker} 001d 01 04 fde8 005a c0000201 00", new OpenMessage(4, 65000, 90, RouterId.Parse("192.0.2.1"), default))
            { TestDisplayName = "OPEN without capabilities" },
        new($"{Marker} 005c 01 04 5ba0 00b4 c0000201 3f02 3d 0104 00010001 0104 00020001 0200 4600 0506 000100010002 0600 0901 03 400a c078 000101 80 000201 00"
            + " 4104 fde80001 4508 00010101 00020103 c802 abcd",
            new OpenMessage(4, 23456, 180, RouterId.Parse("192.0.2.1"),
            [
                new Capability.Multiprotocol(Family.Ipv4Unicast),
                new Capability.Multiprotocol(Family.Ipv6Unicast),
                new Capability.RouteRefresh(),
                new Capability.EnhancedRouteRefresh(),
                new Capability.ExtendedNextHop([new(Family.Ipv4Unicast, Afi.Ipv6)]),
                new Capability.ExtendedMessage(),
                new Capability.Role(BgpRole.Customer),
                new Capability.GracefulRestart(true, true, 120, [new(Family.Ipv4Unicast, true), new(Family.Ipv6Unicast, false)]),
                new Capability.FourOctetAs(new(0xFDE80001)),
                new Capability.AddPath([new(Family.Ipv4Unicast, AddPathMode.Receive), new(Family.Ipv6Unicast, AddPathMode.Both)]),
                new Capability.Unknown((CapabilityCode)200, [0xab, 0xcd]),
            ])) { TestDisplayName = "OPEN with every capability, and an unknown one" },
        new($"{Marker} 0015 03 0400", Notification.HoldTimerExpired) { TestDisplayName = "NOTIFICATION, hold timer expired" },
        new($"{Marker} 0017 03 0102 0013", Notification.BadMessageLength(19)) { TestDisplayName = "NOTIFICATION, bad message length with the length" },
        new($"{Marker} 0016 03 0103 09", Notification.BadMessageType(9)) { TestDisplayName = "NOTIFICATION, bad message type with the type" },
        new($"{Marker} 0017 03 0201 0004", Notification.UnsupportedVersion) { TestDisplayName = "NOTIFICATION, unsupported version with ours" },
        new($"{Marker} 0019 03 0602 03 627965",
            Notification.Cease(CeaseSubcode.AdministrativeShutdown, "bye")) { TestDisplayName = "NOTIFICATION, shutdown with text" },
        new($"{Marker} 0015 03 0607",
            Notification.Cease(CeaseSubcode.ConnectionCollisionResolution, "no text here")) { TestDisplayName = "NOTIFICATION, no text where none may be" },
        new($"{Marker} 001b 03 0609 0602 03 627965",
            Notification.Cease(CeaseSubcode.AdministrativeShutdown, "bye").AsHardReset()) { TestDisplayName = "NOTIFICATION, hard reset round a shutdown" },
        new($"{Marker} 0017 05 0002 00 01", new RouteRefreshMessage(Family.Ipv6Unicast)) { TestDisplayName = "ROUTE-REFRESH" },
        new($"{Marker} 0017 05 0001 01 01", new RouteRefreshMessage(Family.Ipv4Unicast, RouteRefreshSubtype.Begin)) { TestDisplayName = "BoRR" },
        new($"{Marker} 0017 05 0001 02 01", new RouteRefreshMessage(Family.Ipv4Unicast, RouteRefreshSubtype.End)) { TestDisplayName = "EoRR" },
    ];

    [Theory, MemberData(nameof(Messages))]
    public void A_message_is_written_so(string bytes, BgpMessage message) => Assert.Equal(Hex.Text(Hex.Bytes(bytes)), Hex.Text(message.ToArray()));

    [Theory, MemberData(nameof(Messages))]
    public void And_reads_back_the_same(string bytes, BgpMessage message) => Assert.Equal(message, Wire.Read(Hex.Bytes(bytes)));

    /// <summary>What a header must not be, and what the peer is told (RFC 4271 §6.1).</summary>
    public static IEnumerable<TheoryDataRow<string, bool, string>> BadHeaders =>
    [
        new("ffffffffffffffffffffffffffffff00 0013 04", false, "0101") { TestDisplayName = "a marker that is not all ones" },
        new($"{Marker} 0012 04", false, "0102 0012") { TestDisplayName = "shorter than a header" },
        new($"{Marker} 1001 02", false, "0102 1001") { TestDisplayName = "longer than 4096" },
        new($"{Marker} 1001 01", true, "0102 1001") { TestDisplayName = "an OPEN longer than 4096 in spite of extended messages" },
        new($"{Marker} 1001 04", true, "0102 1001") { TestDisplayName = "a KEEPALIVE longer than 4096 in spite of extended messages" },
        new($"{Marker} 001c 01", false, "0102 001c") { TestDisplayName = "an OPEN too short for its fields" },
        new($"{Marker} 0016 02", false, "0102 0016") { TestDisplayName = "an UPDATE too short for its lengths" },
        new($"{Marker} 0014 03", false, "0102 0014") { TestDisplayName = "a NOTIFICATION too short for its code" },
        new($"{Marker} 0014 04", false, "0102 0014") { TestDisplayName = "a KEEPALIVE with a body" },
        new($"{Marker} 0013 00", false, "0103 00") { TestDisplayName = "type 0" },
        new($"{Marker} 0013 06", false, "0103 06") { TestDisplayName = "type 6" },
    ];

    [Theory, MemberData(nameof(BadHeaders))]
    public void A_wrong_header_is_told(string header, bool extended, string notification)
    {
        Assert.False(BgpHeader.TryRead(Hex.Bytes(header), extended, out _, out var error));
        Assert.Equal(Hex.Text(Hex.Bytes(notification)), Hex.Text(error!.ToArray().AsSpan(BgpHeader.Length)));
    }

    [Fact]
    public void An_extended_update_passes_once_both_agreed() =>
        Assert.True(BgpHeader.TryRead(Hex.Bytes($"{Marker} ffff 02"), extendedMessages: true, out _, out _));

    [Fact]
    public void Half_a_header_is_no_error() => Assert.True(!BgpHeader.TryRead(Hex.Bytes(Marker), false, out _, out var error) && error is null);

    /// <summary>What an OPEN must not be, and what the peer is told (RFC 4271 §6.2).</summary>
    public static IEnumerable<TheoryDataRow<string, Notification>> BadOpens =>
    [
        new("03 fde8 005a c0000201 00", Notification.UnsupportedVersion) { TestDisplayName = "version 3" },
        new("04 fde8 005a c0000201 01", Notification.MalformedOpen) { TestDisplayName = "parameters promised and missing" },
        new("04 fde8 005a c0000201 00 00", Notification.MalformedOpen) { TestDisplayName = "octets after the parameters" },
        new("04 fde8 005a c0000201 02 0202", Notification.MalformedOpen) { TestDisplayName = "a parameter longer than all of them" },
        new("04 fde8 005a c0000201 03 0201 01", Notification.MalformedOpen) { TestDisplayName = "half a capability" },
        new("04 fde8 005a c0000201 04 0202 0105", Notification.MalformedOpen) { TestDisplayName = "a capability longer than its parameter" },
        new("04 fde8 005a c0000201 05 0203 0101 00", Notification.MalformedOpen) { TestDisplayName = "a multiprotocol capability of one octet" },
        new("04 fde8 005a c0000201 06 0204 4102 0001", Notification.MalformedOpen) { TestDisplayName = "a four-octet AS of two octets" },
        new("04 fde8 005a c0000201 03 0101 00", Notification.UnsupportedOptionalParameter) { TestDisplayName = "an unknown parameter" },
        new("04 fde8 005a c0000201 ff ff0004 0200", Notification.MalformedOpen) { TestDisplayName = "extended parameters that end early" },
    ];

    [Theory, MemberData(nameof(BadOpens))]
    public void A_wrong_open_is_told(string body, Notification expected)
    {
        Assert.False(OpenMessage.TryRead(Hex.Bytes(body), out _, out var error));
        Assert.Equal(expected, error);
    }

    /// <summary>RFC 9072: the length octet is not 0, the first parameter type is 255, then lengths have two octets.</summary>
    [Theory]
    [InlineData("04 fde8 005a c0000201 ff ff 0005 02 0002 0200")]
    [InlineData("04 fde8 005a c0000201 09 ff 0005 02 0002 0200")]
    public void Extended_optional_parameters_are_read(string body)
    {
        Assert.True(OpenMessage.TryRead(Hex.Bytes(body), out var open, out _));
        Assert.Equal([new Capability.RouteRefresh()], open.Capabilities);
    }

    [Fact]
    public void More_than_255_octets_of_capabilities_go_out_extended_and_come_back()
    {
        var families = Enumerable.Range(1, 70).Select(afi => new Capability.Multiprotocol(new((Afi)afi, Safi.Unicast)));
        var open = new OpenMessage(4, 65000, 90, RouterId.Parse("192.0.2.1"), [.. families]);
        Assert.Equal(open, Wire.Read(open.ToArray()));
        Assert.Equal([255, 255], open.ToArray()[28..30]);
    }

    [Fact]
    public void Several_capability_parameters_count_as_one()
    {
        Assert.True(OpenMessage.TryRead(Hex.Bytes("04 fde8 005a c0000201 08 0202 0200 0202 4600"), out var open, out _));
        Assert.Equal([new Capability.RouteRefresh(), new Capability.EnhancedRouteRefresh()], open.Capabilities);
    }

    [Fact]
    public void An_add_path_mode_that_does_not_exist_is_ignored()
    {
        Assert.True(OpenMessage.TryRead(Hex.Bytes("04 fde8 005a c0000201 0c 020a 4508 00010107 00020101"), out var open, out _));
        Assert.Equal([new Capability.AddPath([new(Family.Ipv6Unicast, AddPathMode.Receive)])], open.Capabilities);
    }

    [Theory]
    [InlineData("0001 01 01 00", "0701 ffffffffffffffffffffffffffffffff 0018 05 0001 01 01 00")]
    [InlineData("0001 02", "0701 ffffffffffffffffffffffffffffffff 0016 05 0001 02")]
    [InlineData("0001 00 01 00", "0102 0018")]
    public void A_refresh_of_another_length_is_told(string body, string notification)
    {
        Assert.False(RouteRefreshMessage.TryRead(Hex.Bytes(body), out _, out var error));
        Assert.Equal(Hex.Text(Hex.Bytes(notification)), Hex.Text(error!.ToArray().AsSpan(BgpHeader.Length)));
    }
}
