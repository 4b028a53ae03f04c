using System.Buffers.Binary;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Protocols.Icmp;

/// <summary>An ICMP echo request over IPv4 in its Ethernet frame (RFC 792, RFC 1122 §3.2.2.6).</summary>
public readonly ref struct Ipv4Echo
{
    // IPv4: 0 version, header length 1 service 2 total length 4 identification 6 flags, fragment offset 8 time to live 9
    // protocol 10 checksum 12 source 16 destination
    // ICMP: 0 type  1 code  2 checksum  4 identifier  6 sequence  8 data
    private const int IpLength = 20, MessageMinLength = 8;
    private const byte Icmp = 1, RequestType = 8, ReplyType = 0, TimeToLive = 64;
    private const ushort DoNotFragment = 0x4000, FragmentBits = 0x3fff; // "more fragments" and the offset

    private readonly ReadOnlySpan<byte> _message;
    private readonly byte _service;

    private Ipv4Echo(EthernetHeader ethernet, ReadOnlySpan<byte> ip, ReadOnlySpan<byte> message)
    {
        (DestinationMac, SourceMac) = (ethernet.Destination, ethernet.Source);
        (Source, Destination, _service) = (Ipv4.Read(ip[12..]), Ipv4.Read(ip[16..]), ip[1]);
        _message = message;
    }

    /// <summary>To which station the request was sent.</summary>
    public MacAddress DestinationMac { get; }

    /// <summary>Which station sent it.</summary>
    public MacAddress SourceMac { get; }

    /// <summary>Who asks.</summary>
    public Ipv4 Source { get; }

    /// <summary>Who is asked.</summary>
    public Ipv4 Destination { get; }

    /// <summary>The length of the reply's frame. IP options of the request are not given back.</summary>
    public int ReplyLength => EthernetHeader.Length + IpLength + _message.Length;

    /// <summary>Reads a frame; false for all but a sound echo request, and <paramref name="fault"/> says why.</summary>
    public static bool TryRead(ReadOnlySpan<byte> frame, out Ipv4Echo echo, out EchoFault fault)
    {
        echo = default;
        fault = EchoFault.NotEchoRequest;
        if (!EthernetHeader.TryRead(frame, out var ethernet) || ethernet.EtherType != EtherType.Ipv4) return false;
        var ip = frame[EthernetHeader.Length..];
        if (ip.Length < IpLength || ip[0] >> 4 != 4 || ip[9] != Icmp) return false;
        var (header, total) = ((ip[0] & 0xf) * 4, BinaryPrimitives.ReadUInt16BigEndian(ip[2..]));
        fault = header < IpLength || total < header + MessageMinLength || total > ip.Length ? EchoFault.Truncated
            : InternetChecksum.Of(ip[..header]) != 0 ? EchoFault.HeaderChecksum
            : (BinaryPrimitives.ReadUInt16BigEndian(ip[6..]) & FragmentBits) != 0 ? EchoFault.Fragment
            : ip[header] != RequestType || ip[header + 1] != 0 ? EchoFault.NotEchoRequest
            : InternetChecksum.Of(ip[header..total]) != 0 ? EchoFault.Checksum
            : IsNoHost(Ipv4.Read(ip[12..])) || ethernet.Source.IsGroup ? EchoFault.BadSource
            : EchoFault.None;
        if (fault == EchoFault.None) echo = new(ethernet, ip, ip[header..total]);
        return fault == EchoFault.None;
    }

    /// <summary>Writes the reply's frame, <see cref="ReplyLength"/> octets long: the request's data, back to whoever sent the frame.</summary>
    public void WriteReply(MacAddress mac, Span<byte> frame)
    {
        new EthernetHeader(SourceMac, mac, EtherType.Ipv4).Write(frame);
        var ip = frame.Slice(EthernetHeader.Length, IpLength);
        ip.Clear();
        (ip[0], ip[1], ip[8], ip[9]) = (0x45, _service, TimeToLive, Icmp);
        BinaryPrimitives.WriteUInt16BigEndian(ip[2..], (ushort)(IpLength + _message.Length));
        BinaryPrimitives.WriteUInt16BigEndian(ip[6..], DoNotFragment); // atomic, so that its identification may be 0 (RFC 6864 §4.1)
        Destination.Write(ip[12..]);
        Source.Write(ip[16..]);
        BinaryPrimitives.WriteUInt16BigEndian(ip[10..], InternetChecksum.Of(ip));
        var message = frame[(EthernetHeader.Length + IpLength)..ReplyLength];
        _message.CopyTo(message);
        message[0] = ReplyType;
        message[2..4].Clear();
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], InternetChecksum.Of(message));
    }

    /// <summary>0.0.0.0/8, loopback, multicast, reserved and broadcast addresses.</summary>
    private static bool IsNoHost(Ipv4 address) => (address.Value >> 24) is 0 or 127 or >= 224;
}
