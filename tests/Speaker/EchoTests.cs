using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Icmp;

namespace OrleansLb.Speaker.Tests;

/// <summary>Pings of announced addresses, on a segment in memory.</summary>
public class EchoTests
{
    private static readonly MacAddress Client = Wire.Mac(2);

    private static byte[] Ping(string target, MacAddress? to = null)
    {
        byte[] frame = [.. new byte[14], 0x45, 0, 0, 36, 0, 1, 0, 0, 64, 1, 0, 0, 192, 0, 2, 1, 0, 0, 0, 0, 8, 0, 0, 0, 0, 7, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8];
        new EthernetHeader(to ?? Wire.Mac(1), Client, EtherType.Ipv4).Write(frame);
        Ipv4.Parse(target).Write(frame.AsSpan(30));
        Seal(frame.AsSpan(14, 20), 10);
        Seal(frame.AsSpan(34), 2);
        return frame;
    }

    private static void Seal(Span<byte> octets, int at)
    {
        var sum = InternetChecksum.Of(octets);
        (octets[at], octets[at + 1]) = ((byte)(sum >> 8), (byte)sum);
    }

    [Fact]
    public async Task A_ping_of_an_announced_address_is_answered()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        lab.NodeFrames();
        lab.ClientPort.Send(Ping("192.0.2.10"));
        Assert.True(Ipv4Echo.TryRead(Ping("192.0.2.10"), out var ping, out _));
        var expected = new byte[ping.ReplyLength];
        ping.WriteReply(Wire.Mac(1), expected);
        Assert.Equal(expected, await lab.NextNodeFrame());
    }

    [Theory]
    [InlineData("192.0.2.11", "NotAnnounced")]
    [InlineData("192.0.2.12", "Silent")]
    public async Task Other_pings_are_counted_and_not_answered(string target, string reason)
    {
        using var refusals = new RefusalWatch(new($"pinged-{reason.ToLowerInvariant()}"));
        var node = new Core.NodeName($"pinged-{reason.ToLowerInvariant()}");
        await using var lab = new MemoryLab(new() { Node = node });
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10"), Wire.Assign("192.0.2.12") with { Probe = true }) with { Node = node });
        lab.NodeFrames();
        lab.ClientPort.Send(Ping(target));
        await refusals.Next(reason);
        Assert.DoesNotContain(lab.NodeFrames(), frame => frame[13] == 0);
    }

    public static TheoryData<string, byte[], string> Damaged => new()
    {
        { "a wrong header checksum", With(Ping("192.0.2.10"), 25, 0xa5), nameof(EchoFault.HeaderChecksum) },
        { "a wrong checksum", With(Ping("192.0.2.10"), 40, 0xa5), nameof(EchoFault.Checksum) },
        { "a packet that is longer than its frame", Sealed(With(Ping("192.0.2.10"), 16, 0xff, 0xff)), nameof(EchoFault.Truncated) },
        { "a packet that is shorter than its header", Sealed(With(Ping("192.0.2.10"), 16, 0, 19)), nameof(EchoFault.Truncated) },
        { "a packet without a whole message", Sealed(With(Ping("192.0.2.10"), 16, 0, 27)), nameof(EchoFault.Truncated) },
        { "more fragments", Sealed(With(Ping("192.0.2.10"), 20, 0x20)), nameof(EchoFault.Fragment) },
        { "a code", With(Ping("192.0.2.10"), 35, 1), nameof(EchoFault.NotEchoRequest) },
        { "from everybody", Sealed(With(Ping("192.0.2.10"), 26, 255, 255, 255, 255)), nameof(EchoFault.BadSource) },
        { "from a loopback address", Sealed(With(Ping("192.0.2.10"), 26, 127, 0, 0, 1)), nameof(EchoFault.BadSource) },
        { "cut short", Ping("192.0.2.10")[..48], nameof(EchoFault.Truncated) },
    };

    [Theory, MemberData(nameof(Damaged))]
    public async Task A_damaged_ping_is_counted_by_its_fault_and_not_answered(string what, byte[] frame, string fault)
    {
        var node = new Core.NodeName($"damaged-{frame.Aggregate(17, (hash, octet) => (hash * 31) + octet) & 0xffffff:x}");
        using var refusals = new RefusalWatch(node);
        await using var lab = new MemoryLab(new() { Node = node, Announcement = new() { Duration = TimeSpan.Zero } });
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")) with { Node = node });
        lab.NodeFrames();
        lab.ClientPort.Send(frame);
        await refusals.Next(fault);
        lab.ClientPort.Send(Ping("192.0.2.10"));
        Assert.True((await lab.NextNodeFrame())[34] == 0, what); // the first that it says is the reply to the right one
        Assert.Empty(lab.NodeFrames());
    }

    private static byte[] With(byte[] frame, int at, params ReadOnlySpan<byte> octets)
    {
        octets.CopyTo(frame.AsSpan(at));
        return frame;
    }

    /// <summary>The same with the checksum that its header asks for, so that only the fault remains.</summary>
    private static byte[] Sealed(byte[] frame)
    {
        frame.AsSpan(24, 2).Clear();
        Seal(frame.AsSpan(14, 20), 10);
        return frame;
    }

    [Fact]
    public async Task A_ping_in_a_broadcast_frame_is_not_answered()
    {
        using var refusals = new RefusalWatch(new("broadcast"));
        await using var lab = new MemoryLab(new() { Node = new("broadcast") });
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")) with { Node = new("broadcast") });
        lab.ClientPort.Send(Ping("192.0.2.10", MacAddress.Broadcast));
        await refusals.Next("NotToUs");
    }

    [Fact]
    public async Task Switched_off_no_ping_is_read()
    {
        await using var lab = new MemoryLab(new() { Node = Wire.Node, AnswerPings = false });
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        lab.NodeFrames();
        lab.ClientPort.Send(Ping("192.0.2.10"));
        var answer = await lab.Ask(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Probe(Client, Ipv4.Parse("192.0.2.10"))));
        Assert.Equal(Ipv4.Parse("192.0.2.10"), answer.Packet.SenderIp);
    }
}
