using System.Buffers.Binary;

namespace OrleansLb.Protocols;

/// <summary>Reads network byte order straight through; running past the end is remembered in <see cref="Overrun"/> and reads zeros from there on.</summary>
public ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    public bool Overrun { get; private set; }

    public readonly int Remaining => _rest.Length;

    public readonly ReadOnlySpan<byte> Rest => _rest;

    public ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length)
        {
            Overrun = true;
            return _rest = default;
        }

        var taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    public byte UInt8() => Take(1) is { Length: 1 } one ? one[0] : (byte)0;

    public ushort UInt16() => Take(2) is { Length: 2 } two ? BinaryPrimitives.ReadUInt16BigEndian(two) : (ushort)0;

    public uint UInt32() => Take(4) is { Length: 4 } four ? BinaryPrimitives.ReadUInt32BigEndian(four) : 0;

    public ulong UInt64() => Take(8) is { Length: 8 } eight ? BinaryPrimitives.ReadUInt64BigEndian(eight) : 0;

    public UInt128 UInt128() => Take(16) is { Length: 16 } sixteen ? BinaryPrimitives.ReadUInt128BigEndian(sixteen) : 0;
}
