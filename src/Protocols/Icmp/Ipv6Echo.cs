using System.Buffers.Binary;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;

namespace OrleansLb.Protocols.Icmp;

/// <summary>An ICMPv6 echo request in its Ethernet frame (RFC 4443 §4.1, §4.2). One with extension headers, fragments included, is passed over.</summary>
public readonly ref struct Ipv6Echo
{
    // ICMPv6: 0 type  1 code  2 checksum  4 identifier  6 sequence  8 data
    private const int MessageMinLength = 8, MessageOffset = EthernetHeader.Length + Ipv6Header.Length;
    private const byte RequestType = 128, ReplyType = 129, HopLimit = 64;

    private readonly ReadOnlySpan<byte> _message;

    private Ipv6Echo(EthernetHeader ethernet, Ipv6Header ip, ReadOnlySpan<byte> message)
    {
        (DestinationMac, SourceMac, Source, Destination) = (ethernet.Destination, ethernet.Source, ip.Source, ip.Destination);
        _message = message;
    }

    /// <summary>To which station the request was sent.</summary>
    public MacAddress DestinationMac { get; }

    /// <summary>Which station sent it.</summary>
    public MacAddress SourceMac { get; }

    /// <summary>Who asks.</summary>
    public Ipv6 Source { get; }

    /// <summary>Who is asked.</summary>
    public Ipv6 Destination { get; }

    /// <summary>The length of the reply's frame.</summary>
    public int ReplyLength => MessageOffset + _message.Length;

    /// <summary>Reads a frame; false for all but a sound echo request, and <paramref name="fault"/> says why.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out Ipv6Echo echo, out EchoFault fault)
    {
        echo = default;
        fault = EchoFault.NotEchoRequest;
        if (!EthernetHeader.TryRead(frame, out var ethernet) || ethernet.EtherType != EtherType.Ipv6) return false;
        if (!Ipv6Header.TryRead(frame[EthernetHeader.Length..], out var ip) || ip.NextHeader != Icmpv6.NextHeader) return false;
        fault = EchoFault.Truncated;
        if (ip.PayloadLength < MessageMinLength || frame.Length < MessageOffset + ip.PayloadLength) return false;
        var message = frame.Slice(MessageOffset, ip.PayloadLength);
        fault = message[0] != RequestType || message[1] != 0 ? EchoFault.NotEchoRequest
            : Icmpv6.Checksum(ip.Source, ip.Destination, message) != 0 ? EchoFault.Checksum
            : ip.Source.IsUnspecified || ip.Source.IsMulticast || ethernet.Source.IsGroup ? EchoFault.BadSource
            : EchoFault.None;
        if (fault == EchoFault.None) echo = new(ethernet, ip, message);
        return fault == EchoFault.None;
    }

    /// <summary>Writes the reply's frame, <see cref="ReplyLength"/> octets long: the request's data, back to whoever sent the frame.</summary>
    public void WriteReply(MacAddress mac, Span<byte> frame)
    {
        new EthernetHeader(SourceMac, mac, EtherType.Ipv6).Write(frame);
        new Ipv6Header((ushort)_message.Length, Icmpv6.NextHeader, HopLimit, Destination, Source).Write(frame[EthernetHeader.Length..]);
        var message = frame[MessageOffset..ReplyLength];
        _message.CopyTo(message);
        message[0] = ReplyType;
        message[Icmpv6.ChecksumOffset..4].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(message[Icmpv6.ChecksumOffset..], Icmpv6.Checksum(Destination, Source, message));
    }
}
