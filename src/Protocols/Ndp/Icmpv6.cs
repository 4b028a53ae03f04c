using System.Buffers.Binary;

namespace OrleansLb.Protocols.Ndp;

/// <summary>What every ICMPv6 message shares (RFC 4443 §2).</summary>
public static class Icmpv6
{
    /// <summary>The protocol number of ICMPv6 in an IPv6 header (RFC 4443 §1).</summary>
    public const byte NextHeader = 58;

    /// <summary>Where the checksum stands in a message.</summary>
    public const int ChecksumOffset = 2;

    /// <summary>
    /// The checksum over pseudo-header and message (RFC 4443 §2.3, RFC 8200 §8.1). It is 0 for a message that carries
    /// its right checksum, and the value to write for one whose checksum field is 0.
    /// </summary>
    public static ushort Checksum(Ipv6 source, Ipv6 destination, ReadOnlySpan<byte> message)
    {
        var sum = Sum(source.Upper) + Sum(source.Lower) + Sum(destination.Upper) + Sum(destination.Lower) + (ulong)message.Length + NextHeader;
        for (; message.Length > 1; message = message[2..]) sum += BinaryPrimitives.ReadUInt16BigEndian(message);
        if (message.Length == 1) sum += (ulong)message[0] << 8;
        while (sum >> 16 != 0) sum = (sum & 0xffff) + (sum >> 16);
        return (ushort)~sum;
    }

    private static ulong Sum(ulong words) => (words >> 48) + (ushort)(words >> 32) + (ushort)(words >> 16) + (ushort)words;
}
