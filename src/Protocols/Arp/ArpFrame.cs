using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Protocols.Arp;

/// <summary>An ARP packet in its Ethernet frame.</summary>
public readonly record struct ArpFrame(EthernetHeader Header, ArpPacket Packet)
{
    public const int Length = EthernetHeader.Length + ArpPacket.Length;

    /// <summary>The packet, sent to <paramref name="destination"/> by the station that speaks in it.</summary>
    public static ArpFrame To(MacAddress destination, ArpPacket packet) => new(new(destination, packet.SenderMac, EtherType.Arp), packet);

    /// <summary>Reads a frame; whatever pads it to Ethernet's minimum is ignored.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out ArpFrame frame)
    {
        frame = default;
        if (!EthernetHeader.TryRead(source, out var header) || header.EtherType != EtherType.Arp) return false;
        if (!ArpPacket.TryRead(source[EthernetHeader.Length..], out var packet)) return false;
        frame = new(header, packet);
        return true;
    }

    /// <summary>What is wrong with a frame that <see cref="TryRead"/> refuses; nothing with one that it takes.</summary>
    public static ArpFault FaultOf(ReadOnlySpan<byte> source) =>
        !EthernetHeader.TryRead(source, out var header) ? ArpFault.Truncated
        : header.EtherType != EtherType.Arp ? ArpFault.NotArp
        : ArpPacket.FaultOf(source[EthernetHeader.Length..]);

    public void Write(Span<byte> destination)
    {
        Header.Write(destination);
        Packet.Write(destination[EthernetHeader.Length..]);
    }
}
