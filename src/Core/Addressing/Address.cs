using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Core.Addressing;

/// <summary>An IPv4 or IPv6 address as a number of its family. Zone identifiers are not part of it.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.Address")]
public readonly record struct Address([property: Id(0)] IpFamily Family, [property: Id(1)] UInt128 Value) : IComparable<Address>
{
    /// <summary>The length of the address in bits: 32 or 128.</summary>
    public int Bits => BitsOf(Family);

    /// <summary>The highest value that the family has.</summary>
    public UInt128 Highest => Family == IpFamily.IPv4 ? uint.MaxValue : UInt128.MaxValue;

    public static int BitsOf(IpFamily family) => family == IpFamily.IPv4 ? 32 : 128;

    public static Address Parse(string text) =>
        TryParse(text, out var address) ? address : throw new FormatException($"'{text}' is not an IP address: write it as 192.0.2.10 or 2001:db8::10.");

    /// <summary>Reads dotted-quad IPv4 (four decimal parts, no leading zeros) or RFC 4291 §2.2 IPv6 text; refuses zones, ports, brackets and shorthand.</summary>
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
        address = new(IpFamily.IPv4, value);
        return true;
    }

    public static Address From(IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        return length == 4
            ? new(IpFamily.IPv4, BinaryPrimitives.ReadUInt32BigEndian(bytes))
            : new(IpFamily.IPv6, BinaryPrimitives.ReadUInt128BigEndian(bytes));
    }

    /// <summary>The IPv4 address that an IPv4-mapped IPv6 address stands for (RFC 4291 §2.5.5.2); any other address as it is.</summary>
    public Address Unmapped() => Family == IpFamily.IPv6 && Value >> 32 == 0xFFFF ? new(IpFamily.IPv4, (uint)Value) : this;

    public IPAddress ToIPAddress()
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, Value);
        return new IPAddress(Family == IpFamily.IPv4 ? bytes[12..] : bytes);
    }

    /// <summary>IPv4 sorts before IPv6; within a family, by value.</summary>
    public int CompareTo(Address other) => Family != other.Family ? Family.CompareTo(other.Family) : Value.CompareTo(other.Value);

    public override string ToString() => ToIPAddress().ToString();

    public static bool operator <(Address left, Address right) => left.CompareTo(right) < 0;

    public static bool operator <=(Address left, Address right) => left.CompareTo(right) <= 0;

    public static bool operator >(Address left, Address right) => left.CompareTo(right) > 0;

    public static bool operator >=(Address left, Address right) => left.CompareTo(right) >= 0;
}
