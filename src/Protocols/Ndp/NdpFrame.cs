using System.Buffers.Binary;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Protocols.Ndp;

/// <summary>A neighbour discovery message in its IPv6 packet and Ethernet frame (RFC 4861 §4, RFC 2464).</summary>
public readonly record struct NdpFrame(MacAddress DestinationMac, MacAddress SourceMac, Ipv6 Destination, Ipv6 Source, NdpMessage Message)
{
    /// <summary>Octets of the longest frame that is written here.</summary>
    public const int MaxLength = MessageOffset + NdpMessage.MinLength + (2 * NdpMessage.MacOptionLength);

    /// <summary>No router has forwarded it: the one proof that the sender stands on this link (RFC 4861 §3.1).</summary>
    private const byte HopLimit = 255;
    private const int MessageOffset = EthernetHeader.Length + Ipv6Header.Length;

    /// <summary>Octets of this frame.</summary>
    public int Length => MessageOffset + Message.Length;

    /// <summary>A solicitation from ::, asking whether its target is taken (RFC 4862 §5.4.2).</summary>
    public bool IsProbe => Message.Type == NdpType.NeighborSolicitation && Source.IsUnspecified;

    /// <summary>Tells every node on the segment where the address is now, unasked (RFC 4861 §7.2.6).</summary>
    /// <param name="station">The interface that speaks, where <paramref name="mac"/> is not its own.</param>
    public static NdpFrame Announcement(MacAddress mac, Ipv6 address, MacAddress? station = null) =>
        new(MacAddress.ForGroup(Ipv6.AllNodes), mac, Ipv6.AllNodes, address, Advertisement(mac, address, NeighborFlags.Override, station));

    /// <summary>The same told to one neighbour alone.</summary>
    public static NdpFrame AnnouncementTo(MacAddress neighbourMac, Ipv6 neighbour, MacAddress mac, Ipv6 address, MacAddress? station = null) =>
        new(neighbourMac, mac, neighbour, address, Advertisement(mac, address, NeighborFlags.Override, station));

    /// <summary>Asks whether anybody has the address, with none of one's own (RFC 4862 §5.4.2).</summary>
    public static NdpFrame Probe(MacAddress mac, Ipv6 target) =>
        new(MacAddress.ForGroup(target.SolicitedNode), mac, target.SolicitedNode, Ipv6.Unspecified,
            new(NdpType.NeighborSolicitation, NeighborFlags.None, target, null));

    /// <summary>
    /// The answer to this solicitation (RFC 4861 §7.2.4). One who probes from :: has no address to be answered at, so everybody hears it.
    /// </summary>
    public NdpFrame AnsweredBy(MacAddress mac, MacAddress? station = null) => IsProbe
        ? Announcement(mac, Message.Target, station)
        : new(Message.LinkLayer ?? SourceMac, mac, Source, Message.Target,
            Advertisement(mac, Message.Target, NeighborFlags.Solicited | NeighborFlags.Override, station));

    private static NdpMessage Advertisement(MacAddress mac, Ipv6 target, NeighborFlags flags, MacAddress? station) =>
        new(NdpType.NeighborAdvertisement, flags, target, mac, station);

    /// <summary>Reads a frame and holds it against every rule of RFC 4861 §7.1; what pads the frame is ignored.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out NdpFrame frame, out NdpFault fault)
    {
        frame = default;
        if (!TryReadPacket(source, out var ethernet, out var ip, out var bytes, out fault)) return false;
        if (!NdpMessage.TryRead(bytes, out var message, out fault)) return false;
        frame = new(ethernet.Destination, ethernet.Source, ip.Destination, ip.Source, message);
        fault = ip.HopLimit != HopLimit ? NdpFault.HopLimit
            : Icmpv6.Checksum(ip.Source, ip.Destination, bytes) != 0 ? NdpFault.Checksum
            : frame.Inconsistency();
        return fault == NdpFault.None;
    }

    /// <summary>Takes frame and packet off the ICMPv6 message; a frame that ends before its packet says is cut short, wherever that is.</summary>
    private static bool TryReadPacket(ReadOnlySpan<byte> source, out EthernetHeader ethernet, out Ipv6Header ip, out ReadOnlySpan<byte> message,
        out NdpFault fault)
    {
        ip = default;
        message = default;
        fault = !EthernetHeader.TryRead(source, out ethernet) ? NdpFault.Truncated
            : ethernet.EtherType != EtherType.Ipv6 ? NdpFault.NotNeighborDiscovery
            : source.Length < MessageOffset ? NdpFault.Truncated
            : !Ipv6Header.TryRead(source[EthernetHeader.Length..], out ip) || ip.NextHeader != Icmpv6.NextHeader ? NdpFault.NotNeighborDiscovery
            : source.Length < MessageOffset + ip.PayloadLength ? NdpFault.Truncated
            : NdpFault.None;
        if (fault == NdpFault.None) message = source.Slice(MessageOffset, ip.PayloadLength);
        return fault == NdpFault.None;
    }

    /// <summary>Writes the frame with its checksum; returns its length.</summary>
    public int Write(Span<byte> destination)
    {
        new EthernetHeader(DestinationMac, SourceMac, EtherType.Ipv6).Write(destination);
        new Ipv6Header((ushort)Message.Length, Icmpv6.NextHeader, HopLimit, Source, Destination).Write(destination[EthernetHeader.Length..]);
        var message = destination.Slice(MessageOffset, Message.Length);
        Message.Write(message);
        BinaryPrimitives.WriteUInt16BigEndian(message[Icmpv6.ChecksumOffset..], Icmpv6.Checksum(Source, Destination, message));
        return Length;
    }

    private NdpFault Inconsistency() =>
        Message.Target.IsMulticast ? NdpFault.MulticastTarget
        : IsProbe && !Destination.IsSolicitedNode ? NdpFault.ProbeNotToSolicitedNode
        : IsProbe && Message.LinkLayer is not null ? NdpFault.ProbeWithLinkLayer
        : Destination.IsMulticast && (Message.Flags & NeighborFlags.Solicited) != 0 ? NdpFault.SolicitedToGroup
        : NdpFault.None;
}
