namespace OrleansLb.Protocols.Arp;

/// <summary>The ARP opcode (RFC 826); others exist (RFC 5494) and are read as they stand.</summary>
public enum ArpOperation : ushort
{
    Request = 1,
    Reply = 2,
}
