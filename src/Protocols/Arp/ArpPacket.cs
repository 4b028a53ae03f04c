using System.Buffers.Binary;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Protocols.Arp;

/// <summary>ARP for IPv4 over Ethernet (RFC 826).</summary>
public readonly record struct ArpPacket(ArpOperation Operation, MacAddress SenderMac, Ipv4 SenderIp, MacAddress TargetMac, Ipv4 TargetIp)
{
    // 0 hardware type  2 protocol type  4 hardware length  5 protocol length  6 operation
    // 8 sender MAC  14 sender IP  18 target MAC  24 target IP
    /// <summary>Octets of a packet for IPv4 over Ethernet.</summary>
    public const int Length = 28;

    private static ReadOnlySpan<byte> EthernetIpv4 => [0, 1, 8, 0, 6, 4];

    /// <summary>The sender asks whether anybody has the address, and claims nothing (RFC 5227 §2.1.1).</summary>
    public bool IsProbe => Operation == ArpOperation.Request && SenderIp == Ipv4.Unspecified;

    /// <summary>The sender tells its own binding, in either form (RFC 5227 §2.3 and the older reply form).</summary>
    public bool IsGratuitous => SenderIp == TargetIp;

    /// <summary>The announcement that RFC 5227 §2.3 defines: a request for one's own address.</summary>
    public static ArpPacket Announcement(MacAddress mac, Ipv4 ip) => new(ArpOperation.Request, mac, ip, MacAddress.None, ip);

    /// <summary>The same told as a reply, for stacks that learn only from replies.</summary>
    public static ArpPacket AnnouncementReply(MacAddress mac, Ipv4 ip) => new(ArpOperation.Reply, mac, ip, MacAddress.Broadcast, ip);

    /// <summary>"Who has <paramref name="target"/>?", asked with no address of one's own (RFC 5227 §2.1.1).</summary>
    public static ArpPacket Probe(MacAddress mac, Ipv4 target) => new(ArpOperation.Request, mac, Ipv4.Unspecified, MacAddress.None, target);

    /// <summary>The answer to this request: the address asked for is at <paramref name="mac"/>.</summary>
    public ArpPacket AnsweredBy(MacAddress mac) => new(ArpOperation.Reply, mac, TargetIp, SenderMac, SenderIp);

    /// <summary>Reads a packet for IPv4 over Ethernet; <see cref="FaultOf"/> says why not.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out ArpPacket packet)
    {
        packet = default;
        if (source.Length < Length || !source.StartsWith(EthernetIpv4)) return false;
        packet = new((ArpOperation)BinaryPrimitives.ReadUInt16BigEndian(source[6..]),
            MacAddress.Read(source[8..]), Ipv4.Read(source[14..]), MacAddress.Read(source[18..]), Ipv4.Read(source[24..]));
        return true;
    }

    /// <summary>What is wrong with a packet that <see cref="TryRead"/> refuses; nothing with one that it takes.</summary>
    public static ArpFault FaultOf(ReadOnlySpan<byte> source) =>
        source.Length < Length ? ArpFault.Truncated
        : !source.StartsWith(EthernetIpv4[..2]) ? ArpFault.HardwareType
        : !source[2..].StartsWith(EthernetIpv4[2..4]) ? ArpFault.ProtocolType
        : !source[4..].StartsWith(EthernetIpv4[4..]) ? ArpFault.AddressLength
        : ArpFault.None;

    /// <summary>Writes <see cref="Length"/> octets.</summary>
    public void Write(Span<byte> destination)
    {
        EthernetIpv4.CopyTo(destination);
        BinaryPrimitives.WriteUInt16BigEndian(destination[6..], (ushort)Operation);
        SenderMac.Write(destination[8..]);
        SenderIp.Write(destination[14..]);
        TargetMac.Write(destination[18..]);
        TargetIp.Write(destination[24..]);
    }
}
