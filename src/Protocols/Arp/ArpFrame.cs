using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Protocols.Arp;

/// <summary>An ARP packet in its Ethernet frame.</summary>
/// <param name="Station">The interface that sent it in the name of a <see cref="VirtualMac"/>; null for the usual frame,
/// which bears its interface's own address.</param>
public readonly record struct ArpFrame(EthernetHeader Header, ArpPacket Packet, MacAddress? Station = null)
{
    /// <summary>Octets of the usual frame, without padding and checksum.</summary>
    public const int Length = EthernetHeader.Length + ArpPacket.Length;

    /// <summary>The length of a frame that names its <see cref="Station"/>: Ethernet's minimum, without the checksum of the frame.</summary>
    public const int MaxLength = 60;

    /// <summary>The packet, sent to <paramref name="destination"/> by the station that speaks in it.</summary>
    public static ArpFrame To(MacAddress destination, ArpPacket packet) => new(new(destination, packet.SenderMac, EtherType.Arp), packet);

    /// <summary>Reads a frame; what pads it to Ethernet's minimum is ignored, unless it names a station.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out ArpFrame frame)
    {
        frame = default;
        if (!EthernetHeader.TryRead(source, out var header) || header.EtherType != EtherType.Arp) return false;
        if (!ArpPacket.TryRead(source[EthernetHeader.Length..], out var packet)) return false;
        frame = new(header, packet, StationMark.Read(source[Length..]));
        return true;
    }

    /// <summary>What is wrong with a frame that <see cref="TryRead"/> refuses; nothing with one that it takes.</summary>
    public static ArpFault FaultOf(ReadOnlySpan<byte> source) =>
        !EthernetHeader.TryRead(source, out var header) ? ArpFault.Truncated
        : header.EtherType != EtherType.Arp ? ArpFault.NotArp
        : ArpPacket.FaultOf(source[EthernetHeader.Length..]);

    /// <summary>Writes the frame; returns its length, <see cref="Length"/> or <see cref="MaxLength"/>.</summary>
    public int Write(Span<byte> destination)
    {
        Header.Write(destination);
        Packet.Write(destination[EthernetHeader.Length..]);
        if (Station is not { } station) return Length;
        StationMark.Write(station, destination[Length..MaxLength]);
        return MaxLength;
    }
}
