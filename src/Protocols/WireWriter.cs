using System.Buffers.Binary;

namespace OrleansLb.Protocols;

/// <summary>Writes network byte order straight through; running past the end is remembered in <see cref="Overrun"/> and writes nothing from there on.</summary>
public ref struct WireWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    /// <summary>Octets written so far.</summary>
    public int Length { get; private set; }

    /// <summary>More was to be written than there was room for; nothing has been since.</summary>
    public bool Overrun { get; private set; }

    /// <summary>What was written, to be changed where a length is known only afterwards.</summary>
    public readonly Span<byte> Written => _destination[..Length];

    /// <summary>Octets for which there is room.</summary>
    public readonly int Remaining => _destination.Length - Length;

    /// <summary>The next octets, for the caller to fill in; none, and <see cref="Overrun"/>, where there is room for fewer.</summary>
    public Span<byte> Reserve(int count)
    {
        if ((uint)count > (uint)Remaining)
        {
            Overrun = true;
            return default;
        }

        var reserved = _destination.Slice(Length, count);
        Length += count;
        return reserved;
    }

    /// <summary>Writes an octet.</summary>
    public void UInt8(byte value)
    {
        if (Reserve(1) is { Length: 1 } one) one[0] = value;
    }

    /// <summary>Writes two octets.</summary>
    public void UInt16(ushort value)
    {
        if (Reserve(2) is { Length: 2 } two) BinaryPrimitives.WriteUInt16BigEndian(two, value);
    }

    /// <summary>Writes four octets.</summary>
    public void UInt32(uint value)
    {
        if (Reserve(4) is { Length: 4 } four) BinaryPrimitives.WriteUInt32BigEndian(four, value);
    }

    /// <summary>Writes eight octets.</summary>
    public void UInt64(ulong value)
    {
        if (Reserve(8) is { Length: 8 } eight) BinaryPrimitives.WriteUInt64BigEndian(eight, value);
    }

    /// <summary>Writes sixteen octets.</summary>
    public void UInt128(UInt128 value)
    {
        if (Reserve(16) is { Length: 16 } sixteen) BinaryPrimitives.WriteUInt128BigEndian(sixteen, value);
    }

    /// <summary>Writes all of these octets, or none where there is room for fewer.</summary>
    public void Bytes(scoped ReadOnlySpan<byte> value)
    {
        if (Reserve(value.Length) is { } room && room.Length == value.Length) value.CopyTo(room);
    }
}
