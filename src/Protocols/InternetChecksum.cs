using System.Buffers.Binary;

namespace OrleansLb.Protocols;

/// <summary>The checksum of IPv4, ICMP and ICMPv6 (RFC 1071): the complement of the sum of 16-bit words.</summary>
public static class InternetChecksum
{
    /// <summary>0 over octets that carry their right checksum; the value to write over octets whose checksum field is 0.</summary>
    public static ushort Of(ReadOnlySpan<byte> octets)
    {
        ulong sum = 0;
        for (; octets.Length > 1; octets = octets[2..]) sum += BinaryPrimitives.ReadUInt16BigEndian(octets);
        if (octets.Length == 1) sum += (ulong)octets[0] << 8;
        while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }
}
