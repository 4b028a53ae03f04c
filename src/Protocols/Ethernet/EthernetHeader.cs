using System.Buffers.Binary;

namespace OrleansLb.Protocols.Ethernet;

/// <summary>The header of an Ethernet II frame (RFC 894): destination, source, type.</summary>
public readonly record struct EthernetHeader(MacAddress Destination, MacAddress Source, EtherType EtherType)
{
    /// <summary>Octets of the header.</summary>
    public const int Length = 14;

    /// <summary>Reads the first fourteen octets; false where there are fewer.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out EthernetHeader header)
    {
        header = default;
        if (source.Length < Length) return false;
        header = new(MacAddress.Read(source), MacAddress.Read(source[6..]), (EtherType)BinaryPrimitives.ReadUInt16BigEndian(source[12..]));
        return true;
    }

    /// <summary>Writes fourteen octets.</summary>
    public void Write(Span<byte> destination)
    {
        Destination.Write(destination);
        Source.Write(destination[6..]);
        BinaryPrimitives.WriteUInt16BigEndian(destination[12..], (ushort)EtherType);
    }
}
