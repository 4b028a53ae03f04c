using System.Buffers.Binary;

namespace OrleansLb.Protocols;

/// <summary>Reads network byte order straight through; running past the end is remembered in <see cref="Overrun"/> and reads zeros from there on.</summary>
public ref struct WireReader(ReadOnlySpan<byte> bytes)
{
    private ReadOnlySpan<byte> _rest = bytes;

    /// <summary>More was asked for than there was; what was read since is zeros.</summary>
    public bool Overrun { get; private set; }

    /// <summary>Octets that are left.</summary>
    public readonly int Remaining => _rest.Length;

    /// <summary>What is left, unread.</summary>
    public readonly ReadOnlySpan<byte> Rest => _rest;

    /// <summary>The next octets; none, and <see cref="Overrun"/>, where there are fewer.</summary>
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

    /// <summary>The next octet; 0 behind the end.</summary>
    public byte UInt8() => Take(1) is { Length: 1 } one ? one[0] : (byte)0;

    /// <summary>The next two octets; 0 behind the end.</summary>
    public ushort UInt16() => Take(2) is { Length: 2 } two ? BinaryPrimitives.ReadUInt16BigEndian(two) : (ushort)0;

    /// <summary>The next four octets; 0 behind the end.</summary>
    public uint UInt32() => Take(4) is { Length: 4 } four ? BinaryPrimitives.ReadUInt32BigEndian(four) : 0;

    /// <summary>The next eight octets; 0 behind the end.</summary>
    public ulong UInt64() => Take(8) is { Length: 8 } eight ? BinaryPrimitives.ReadUInt64BigEndian(eight) : 0;

    /// <summary>The next sixteen octets; 0 behind the end.</summary>
    public UInt128 UInt128() => Take(16) is { Length: 16 } sixteen ? BinaryPrimitives.ReadUInt128BigEndian(sixteen) : 0;
}
