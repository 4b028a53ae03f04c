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
        var (header, packet) = frame;
        return header.Source == mac || packet.SenderMac == mac ? ArpVerdict.OwnFrame
            : header.Destination != mac && header.Destination != MacAddress.Broadcast ? ArpVerdict.NotToUs
            : announced.Contains(packet.SenderIp) ? ArpVerdict.Conflict
            : packet.Operation != ArpOperation.Request ? ArpVerdict.NotARequest
            : announced.Find(packet.TargetIp) is { } held ? Judge(packet, held)
            : ArpVerdict.NotAnnounced;
    }

    /// <summary>Writes the answer to a request into <paramref name="reply"/>, <see cref="ArpFrame.Length"/> octets long.</summary>
    public static void WriteReply(ArpFrame request, MacAddress mac, Span<byte> reply) =>
        ArpFrame.To(request.Packet.SenderMac, request.Packet.AnsweredBy(mac)).Write(reply);

    private static ArpVerdict Judge(ArpPacket request, HeldAddress held) =>
        held.Role == AddressRole.Probed && request.IsProbe ? ArpVerdict.RivalProbe
        : held.Role != AddressRole.Answered ? ArpVerdict.Silent
        : held.KernelAnswers ? ArpVerdict.KernelAnswers
        : request.SenderMac.IsGroup || request.SenderMac == MacAddress.None ? ArpVerdict.BadSender
        : held.Share is { } share && !request.IsProbe && !share.Has(request.SenderMac) ? ArpVerdict.NotOurShare
        : ArpVerdict.Answer;
}
