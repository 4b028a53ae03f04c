using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Icmp;

namespace OrleansLb.Protocols.Tests.Icmp;

public class EchoTests
{
    private static readonly MacAddress Ours = MacAddress.Parse("02:00:00:00:00:01");

    // ping -c 1 -s 8 -p 6162 192.0.2.100, from 192.0.2.2
    private const string Request4 = "020000000001 020000000002 0800  45000024 1a2b 4000 40 01 9c47 c0000202 c0000264  0800 8b2b 1234 0001 6162616261626162";
    private const string Reply4 = "020000000002 020000000001 0800  45000024 0000 4000 40 01 b672 c0000264 c0000202  0000 932b 1234 0001 6162616261626162";

    private const string Request6 =
        "020000000001 020000000002 86dd  60000000 0010 3a 40 fd770000000000000000000000000002 fd770000000000000000000000000100  8000 0000 "
            + "1234 0001 6162616261626162";

    private static byte[] Bytes(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>The request with its checksums put right.</summary>
    private static byte[] Good4()
    {
        var frame = Bytes(Request4);
        Seal(frame.AsSpan(14, 20), 10);
        Seal(frame.AsSpan(34), 2);
        return frame;
    }

    private static byte[] Good6()
    {
        var frame = Bytes(Request6);
        var sum = Protocols.Ndp.Icmpv6.Checksum(Ipv6.Parse("fd77::2"), Ipv6.Parse("fd77::100"), frame.AsSpan(54));
        (frame[56], frame[57]) = ((byte)(sum >> 8), (byte)sum);
        return frame;
    }

    private static void Seal(Span<byte> octets, int at)
    {
        octets.Slice(at, 2).Clear();
        var sum = InternetChecksum.Of(octets);
        (octets[at], octets[at + 1]) = ((byte)(sum >> 8), (byte)sum);
    }

    private static EchoFault Judge4(byte[] frame)
    {
        Ipv4Echo.TryRead(frame, out _, out var fault);
        return fault;
    }

    private static EchoFault Judge6(byte[] frame)
    {
        Ipv6Echo.TryRead(frame, out _, out var fault);
        return fault;
    }

    private static byte[] Changed(byte[] frame, int at, byte octet, int? seal = null)
    {
        frame[at] = octet;
        if (seal is { } start) Seal(frame.AsSpan(start, start == 14 ? 20 : frame.Length - start), start == 14 ? 10 : 2);
        return frame;
    }

    public static IEnumerable<TheoryDataRow<byte[], EchoFault>> Ipv4Frames =>
    [
        new(Good4(), EchoFault.None) { TestDisplayName = "a ping" },
        new([.. Good4(), 0, 0, 0], EchoFault.None) { TestDisplayName = "padded" },
        new(Good4()[..^1], EchoFault.Truncated) { TestDisplayName = "one octet short" },
        new(Good4()[..33], EchoFault.NotEchoRequest) { TestDisplayName = "cut in the IPv4 header" },
        new([], EchoFault.NotEchoRequest) { TestDisplayName = "nothing" },
        new(Changed(Good4(), 14, 0x65), EchoFault.NotEchoRequest) { TestDisplayName = "another version" },
        new(Changed(Good4(), 14, 0x44), EchoFault.Truncated) { TestDisplayName = "a header shorter than a header" },
        new(Changed(Good4(), 23, 17), EchoFault.NotEchoRequest) { TestDisplayName = "UDP" },
        new(Changed(Good4(), 25, 0), EchoFault.HeaderChecksum) { TestDisplayName = "a wrong header checksum" },
        new(Changed(Good4(), 45, 0), EchoFault.Checksum) { TestDisplayName = "a wrong checksum" },
        new(Changed(Good4(), 20, 0x20, 14), EchoFault.Fragment) { TestDisplayName = "a first fragment" },
        new(Changed(Good4(), 21, 0x01, 14), EchoFault.Fragment) { TestDisplayName = "a later fragment" },
        new(Changed(Good4(), 34, 0, 34), EchoFault.NotEchoRequest) { TestDisplayName = "an echo reply" },
        new(Changed(Good4(), 35, 1, 34), EchoFault.NotEchoRequest) { TestDisplayName = "another code" },
        new(Changed(Good4(), 26, 224, 14), EchoFault.BadSource) { TestDisplayName = "from a multicast group" },
        new(Changed(Good4(), 26, 127, 14), EchoFault.BadSource) { TestDisplayName = "from loopback" },
        new(Changed(Good4(), 26, 0, 14), EchoFault.BadSource) { TestDisplayName = "from nowhere" },
        new(Changed(Good4(), 6, 3), EchoFault.BadSource) { TestDisplayName = "from a group of stations" },
    ];

    [Theory, MemberData(nameof(Ipv4Frames))]
    public void Ipv4_pings_are_judged(byte[] frame, EchoFault expected) => Assert.Equal(expected, Judge4(frame));

    public static IEnumerable<TheoryDataRow<byte[], EchoFault>> Ipv6Frames =>
    [
        new(Good6(), EchoFault.None) { TestDisplayName = "a ping" },
        new(Good6()[..^1], EchoFault.Truncated) { TestDisplayName = "one octet short" },
        new(Changed(Good6(), 20, 44), EchoFault.NotEchoRequest) { TestDisplayName = "a fragment" },
        new(Changed(Good6(), 54, 129), EchoFault.NotEchoRequest) { TestDisplayName = "an echo reply" },
        new(Changed(Good6(), 57, 0), EchoFault.Checksum) { TestDisplayName = "a wrong checksum" },
        new(Changed(Good6(), 6, 0x33), EchoFault.BadSource) { TestDisplayName = "from a group of stations" },
    ];

    [Theory, MemberData(nameof(Ipv6Frames))]
    public void Ipv6_pings_are_judged(byte[] frame, EchoFault expected) => Assert.Equal(expected, Judge6(frame));

    [Fact]
    public void The_reply_gives_the_data_back_with_right_checksums()
    {
        Assert.True(Ipv4Echo.TryRead(Good4(), out var echo, out _));
        var reply = new byte[echo.ReplyLength];
        echo.WriteReply(Ours, reply);
        var expected = Bytes(Reply4);
        Seal(expected.AsSpan(14, 20), 10);
        Seal(expected.AsSpan(34), 2);
        Assert.Equal(expected, reply);
    }

    [Fact]
    public void The_ipv6_reply_gives_the_data_back_with_a_right_checksum()
    {
        Assert.True(Ipv6Echo.TryRead(Good6(), out var echo, out _));
        var reply = new byte[echo.ReplyLength];
        echo.WriteReply(Ours, reply);
        Assert.Equal(0, Protocols.Ndp.Icmpv6.Checksum(Ipv6.Parse("fd77::100"), Ipv6.Parse("fd77::2"), reply.AsSpan(54)));
        Assert.Equal([129, 0], reply[54..56]);
        Assert.Equal(Good6()[58..], reply[58..]);
        Assert.Equal(Good6()[22..38], reply[38..54]);
        Assert.Equal(Good6()[38..54], reply[22..38]);
    }

    [Fact]
    public void Options_of_the_ip_header_are_not_given_back()
    {
        var plain = Good4();
        byte[] frame = [.. plain[..34], 1, 1, 1, 0, .. plain[34..]];
        (frame[14], frame[17]) = (0x46, 0x28);
        Seal(frame.AsSpan(14, 24), 10);
        Assert.True(Ipv4Echo.TryRead(frame, out var echo, out _));
        Assert.Equal(plain.Length, echo.ReplyLength);
    }

    [Fact]
    public void No_octet_changed_makes_a_ping_of_another_address_answerable_without_its_checksum() =>
        Prop.ForAll(Gen.Choose(0, Good4().Length - 1).ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(), (at, octet) =>
        {
            var frame = Changed(Good4(), at, (byte)octet);
            return !Ipv4Echo.TryRead(frame, out var echo, out _) || echo.Destination == Ipv4.Parse("192.0.2.100");
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_bytes_throw() => Prop.ForAll(Generators.Bytes.ToArbitrary(), bytes =>
    {
        Judge4(bytes);
        Judge6(bytes);
        Judge4([.. Good4()[..14], .. bytes]);
        Judge6([.. Good6()[..14], .. bytes]);
    }).QuickCheckThrowOnFailure();
}
