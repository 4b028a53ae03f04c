using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Protocols.Bgp;

/// <summary>An IPv4 or IPv6 prefix with its host bits cleared; the bits stand left-aligned, as the NLRI has them (RFC 4271 §4.3).</summary>
public readonly record struct Prefix : IComparable<Prefix>
{
    // Not one UInt128, which would align every route to sixteen octets: there are many.
    private readonly ulong _high, _low;

    private Prefix(Afi afi, UInt128 leftAligned, int length)
    {
        Afi = afi;
        Length = (byte)length;
        var bits = length == 0 ? 0 : leftAligned & (UInt128.MaxValue << (128 - length));
        (_high, _low) = ((ulong)(bits >> 64), (ulong)bits);
    }

    /// <summary>IPv4 or IPv6.</summary>
    public Afi Afi { get; }

    /// <summary>Bits of the prefix: 0 to 32, or to 128.</summary>
    public byte Length { get; }

    /// <summary>The unicast family of its routes.</summary>
    public Family Family => new(Afi, Safi.Unicast);

    /// <summary>Octets of the prefix in an NLRI, after its length.</summary>
    public int WireLength => (Length + 7) / 8;

    /// <summary>Host bits are cleared.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The length is too long for the family.</exception>
    public static Prefix From(IPAddress address, int length)
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        address.TryWriteBytes(bytes, out var count);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, count * 8);
        return new(count == 4 ? Afi.Ipv4 : Afi.Ipv6, BinaryPrimitives.ReadUInt128BigEndian(bytes), length);
    }

    /// <param name="leftAligned">The address in the highest bits, whichever family it is of.</param>
    public static Prefix FromBits(Afi afi, UInt128 leftAligned, int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, new Family(afi, Safi.Unicast).MaxPrefixLength);
        return new(afi, leftAligned, length);
    }

    /// <summary>The prefix of one address alone: /32 or /128.</summary>
    public static Prefix Host(IPAddress address) => From(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);

    /// <summary>Reads an address, a slash and a length; host bits are cleared.</summary>
    public static bool TryParse(string? text, out Prefix prefix)
    {
        prefix = default;
        var slash = text?.IndexOf('/', StringComparison.Ordinal) ?? -1;
        if (slash < 0 || !IPAddress.TryParse(text.AsSpan(0, slash), out var address)) return false;
        if (!byte.TryParse(text.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)) return false;
        if (length > (address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128)) return false;
        prefix = From(address, length);
        return true;
    }

    /// <summary>As <see cref="TryParse"/>.</summary>
    /// <exception cref="FormatException">It is no prefix.</exception>
    public static Prefix Parse(string text) =>
        TryParse(text, out var prefix) ? prefix : throw new FormatException($"'{text}' is no prefix: write ADDRESS/LENGTH.");

    /// <summary>Reads length and prefix; false when the bytes run out or the length is too long for the family (RFC 7606 §5.3).</summary>
    public static bool TryRead(ref WireReader reader, Afi afi, out Prefix prefix)
    {
        prefix = default;
        var length = reader.UInt8();
        if (length > new Family(afi, Safi.Unicast).MaxPrefixLength) return false;
        var octets = reader.Take((length + 7) / 8);
        if (reader.Overrun) return false;
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        octets.CopyTo(bytes);
        prefix = new(afi, BinaryPrimitives.ReadUInt128BigEndian(bytes), length);
        return true;
    }

    /// <summary>Writes the length and the octets that it needs.</summary>
    public void Write(ref WireWriter writer)
    {
        Span<byte> bytes = stackalloc byte[16];
        CopyTo(bytes);
        writer.UInt8(Length);
        writer.Bytes(bytes[..WireLength]);
    }

    /// <summary>Its lowest address.</summary>
    public IPAddress Address
    {
        get
        {
            Span<byte> bytes = stackalloc byte[16];
            CopyTo(bytes);
            return new(Afi == Afi.Ipv4 ? bytes[..4] : bytes);
        }
    }

    public int CompareTo(Prefix other) =>
        Afi != other.Afi ? Afi.CompareTo(other.Afi)
        : _high != other._high ? _high.CompareTo(other._high)
        : _low != other._low ? _low.CompareTo(other._low)
        : Length.CompareTo(other.Length);

    public override string ToString() => $"{Address}/{Length}";

    private void CopyTo(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _high);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[sizeof(ulong)..], _low);
    }

    public static bool operator <(Prefix left, Prefix right) => left.CompareTo(right) < 0;

    public static bool operator >(Prefix left, Prefix right) => left.CompareTo(right) > 0;

    public static bool operator <=(Prefix left, Prefix right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Prefix left, Prefix right) => left.CompareTo(right) >= 0;
}
