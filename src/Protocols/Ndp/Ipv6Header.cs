using System.Buffers.Binary;

namespace OrleansLb.Protocols.Ndp;

/// <summary>The fixed IPv6 header (RFC 8200 §3), without traffic class and flow label, which neighbour discovery leaves at zero.</summary>
public readonly record struct Ipv6Header(ushort PayloadLength, byte NextHeader, byte HopLimit, Ipv6 Source, Ipv6 Destination)
{
    // 0 version, class, flow  4 payload length  6 next header  7 hop limit  8 source  24 destination
    public const int Length = 40;

    /// <summary>Reads the first forty octets; false where there are fewer, or they are of another version.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out Ipv6Header header)
    {
        header = default;
        if (source.Length < Length || source[0] >> 4 != 6) return false;
        header = new(BinaryPrimitives.ReadUInt16BigEndian(source[4..]), source[6], source[7], Ipv6.Read(source[8..]), Ipv6.Read(source[24..]));
        return true;
    }

    /// <summary>Writes forty octets.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, 6u << 28);
        BinaryPrimitives.WriteUInt16BigEndian(destination[4..], PayloadLength);
        destination[6] = NextHeader;
        destination[7] = HopLimit;
        Source.Write(destination[8..]);
        Destination.Write(destination[24..]);
    }
}
