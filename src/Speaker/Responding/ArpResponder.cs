using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker.Responding;

/// <summary>Answers ARP requests for announced IPv4 addresses (RFC 826, RFC 5227).</summary>
public static class ArpResponder
{
    /// <summary>Judges a frame that an interface with the address <paramref name="mac"/> received. Pure; allocates nothing.</summary>
    public static ArpVerdict Judge(ReadOnlySpan<byte> bytes, MacAddress mac, AnnouncedAddresses<Ipv4> announced, out ArpFrame frame)
    {
        ArgumentNullException.ThrowIfNull(announced);
        if (!ArpFrame.TryRead(bytes, out frame)) return ArpVerdict.Malformed;
        var (header, packet, station) = frame;
        return header.Source == mac || packet.SenderMac == mac || station == mac ? ArpVerdict.OwnFrame
            : header.Destination != mac && header.Destination != MacAddress.Broadcast && announced.Find(packet.TargetIp)?.VirtualMac != header.Destination
                ? ArpVerdict.NotToUs
            : announced.Contains(packet.SenderIp) ? ArpVerdict.Conflict
            : packet.Operation != ArpOperation.Request ? ArpVerdict.NotARequest
            : announced.Find(packet.TargetIp) is { } held ? Judge(packet, held)
            : ArpVerdict.NotAnnounced;
    }

    /// <summary>Writes the answer to a request into <paramref name="reply"/>, at most <see cref="ArpFrame.MaxLength"/> octets; returns its length.</summary>
    /// <param name="virtualMac">What to tell instead of the interface's own address.</param>
    public static int WriteReply(ArpFrame request, MacAddress mac, MacAddress? virtualMac, Span<byte> reply) =>
        Spoken(request.Packet.SenderMac, request.Packet.AnsweredBy(virtualMac ?? mac), mac).Write(reply);

    /// <summary>A frame by which the interface <paramref name="mac"/> speaks; one in which it tells another hardware address says who speaks.</summary>
    public static ArpFrame Spoken(MacAddress to, ArpPacket packet, MacAddress mac) =>
        ArpFrame.To(to, packet) with { Station = packet.SenderMac == mac ? null : mac };

    /// <summary>The station that speaks in the frame.</summary>
    public static MacAddress SpeakerOf(ArpFrame frame) => frame.Station ?? frame.Packet.SenderMac;

    private static ArpVerdict Judge(ArpPacket request, HeldAddress held) =>
        held.Role == AddressRole.Probed && request.IsProbe ? ArpVerdict.RivalProbe
        : held.Role != AddressRole.Answered ? ArpVerdict.Silent
        : held.KernelAnswers ? ArpVerdict.KernelAnswers
        : request.SenderMac.IsGroup || request.SenderMac == MacAddress.None ? ArpVerdict.BadSender
        : held.Share is { } share && !request.IsProbe && !share.Has(request.SenderMac) ? ArpVerdict.NotOurShare
        : ArpVerdict.Answer;
}
