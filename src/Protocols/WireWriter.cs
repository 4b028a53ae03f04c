using System.Buffers.Binary;

namespace OrleansLb.Protocols;

/// <summary>Writes network byte order straight through; running past the end is remembered in <see cref="Overrun"/> and writes nothing from there on.</summary>
public ref struct WireWriter(Span<byte> destination)
{
    private readonly Span<byte> _destination = destination;

    public int Length { get; private set; }

    public bool Overrun { get; private set; }

    public readonly Span<byte> Written => _destination[..Length];

    public readonly int Remaining => _destination.Length - Length;

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

    public void UInt8(byte value)
    {
        if (Reserve(1) is { Length: 1 } one) one[0] = value;
    }

    public void UInt16(ushort value)
    {
        if (Reserve(2) is { Length: 2 } two) BinaryPrimitives.WriteUInt16BigEndian(two, value);
    }

    public void UInt32(uint value)
    {
        if (Reserve(4) is { Length: 4 } four) BinaryPrimitives.WriteUInt32BigEndian(four, value);
    }

    public void UInt64(ulong value)
    {
        if (Reserve(8) is { Length: 8 } eight) BinaryPrimitives.WriteUInt64BigEndian(eight, value);
    }

    public void UInt128(UInt128 value)
    {
        if (Reserve(16) is { Length: 16 } sixteen) BinaryPrimitives.WriteUInt128BigEndian(sixteen, value);
    }

    public void Bytes(scoped ReadOnlySpan<byte> value)
    {
        if (Reserve(value.Length) is { } room && room.Length == value.Length) value.CopyTo(room);
    }
}
