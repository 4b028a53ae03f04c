namespace OrleansLb.Protocols.Arp;

/// <summary>Why a frame is no ARP packet for IPv4 over Ethernet (RFC 826, "Packet Reception").</summary>
public enum ArpFault
{
    None,
    NotArp,
    Truncated,
    HardwareType,
    ProtocolType,
    AddressLength,
}
