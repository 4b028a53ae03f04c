using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Core.Addressing;

/// <summary>An IPv4 or IPv6 address as a number of its family. Zone identifiers are not part of it.</summary>
/// <remarks>
/// Kept as two halves: what has a <see cref="UInt128"/> in it, or is a generic over such a type, is not compiled ahead of time
/// (decision 30), and addresses are in everything.
/// </remarks>
[GenerateSerializer, Immutable, Alias("orleanslb.Address")]
public readonly record struct Address : IComparable<Address>
{
    [Id(2)]
    private readonly ulong _upper;

    [Id(3)]
    private readonly ulong _lower;

    public Address(IpFamily family, UInt128 value) => (Family, Value) = (family, value);

    private Address(IpFamily family, ulong upper, ulong lower) => (Family, _upper, _lower) = (family, upper, lower);

    [Id(0)]
    public IpFamily Family { get; }

    public UInt128 Value
    {
        get => new(_upper, _lower);
        init => (_upper, _lower) = ((ulong)(value >> 64), (ulong)value);
    }

    /// <summary>The upper 64 bits of <see cref="Value"/>.</summary>
    public ulong Upper => _upper;

    /// <summary>The lower 64 bits of <see cref="Value"/>: all of an IPv4 address.</summary>
    public ulong Lower => _lower;

    /// <summary>The length of the address in bits: 32 or 128.</summary>
    public int Bits => BitsOf(Family);

    /// <summary>The highest value that the family has.</summary>
    public UInt128 Highest => Family == IpFamily.IPv4 ? uint.MaxValue : UInt128.MaxValue;

    public static Address Ipv4(uint value) => new(IpFamily.IPv4, 0, value);

    public static Address Ipv6(ulong upper, ulong lower) => new(IpFamily.IPv6, upper, lower);

    public static int BitsOf(IpFamily family) => family == IpFamily.IPv4 ? 32 : 128;

    public static Address Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IP address: write it as 192.0.2.10 or 2001:db8::10.");

    /// <summary>
    /// Reads dotted-quad IPv4 (four decimal parts, no leading zeros) or RFC 4291 §2.2 IPv6 text; refuses zones, ports, brackets and shorthand.
    /// </summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Address address)
    {
        address = default;
        if (string.IsNullOrEmpty(text) || text.AsSpan().IndexOfAny("%[]/ ") >= 0) return false;
        if (!text.Contains(':')) return TryParseIpv4(text, out address);
        if (!IPAddress.TryParse(text, out var parsed) || parsed.AddressFamily != AddressFamily.InterNetworkV6) return false;
        address = From(parsed);
        return true;
    }

    private static bool TryParseIpv4(ReadOnlySpan<char> text, out Address address)
    {
        address = default;
        uint value = 0;
        var parts = 0;
        foreach (var range in text.Split('.'))
        {
            var part = text[range];
            if (++parts > 4 || part.Length is 0 or > 3 || (part.Length > 1 && part[0] == '0')) return false;
            if (part.ContainsAnyExceptInRange('0', '9') || !byte.TryParse(part, out var octet)) return false;
            value = (value << 8) | octet;
        }
        if (parts != 4) return false;
        address = Ipv4(value);
        return true;
    }

    public static Address From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4
            ? Ipv4(BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : Ipv6(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));
    }

    /// <summary>The IPv4 address that an IPv4-mapped IPv6 address stands for (RFC 4291 §2.5.5.2); any other address as it is.</summary>
    public Address Unmapped() => Family == IpFamily.IPv6 && _upper == 0 && _lower >> 32 == 0xFFFF ? Ipv4((uint)_lower) : this;

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _upper);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _lower);
        return new IPAddress(Family == IpFamily.IPv4 ? bytes[12..] : bytes);
    }

    /// <summary>IPv4 sorts before IPv6; within a family, by value.</summary>
    public int CompareTo(Address other) =>
        Family != other.Family ? ((byte)Family).CompareTo((byte)other.Family)
        : _upper != other._upper ? _upper.CompareTo(other._upper)
        : _lower.CompareTo(other._lower);

    public bool Equals(Address other) => _lower == other._lower && _upper == other._upper && Family == other.Family;

    /// <summary>
    /// Written out: the one that a record gets by itself puts the family in a box each time, as long as its code is not compiled for the second time.
    /// </summary>
    public override int GetHashCode() => HashCode.Combine(_lower, _upper);

    public override string ToString() => ToIPAddress().ToString();

    public static bool operator <(Address left, Address right) => left.CompareTo(right) < 0;

    public static bool operator <=(Address left, Address right) => left.CompareTo(right) <= 0;

    public static bool operator >(Address left, Address right) => left.CompareTo(right) > 0;

    public static bool operator >=(Address left, Address right) => left.CompareTo(right) >= 0;
}
