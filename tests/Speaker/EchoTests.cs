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
