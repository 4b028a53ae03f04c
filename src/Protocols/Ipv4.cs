using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Protocols;

/// <summary>An IPv4 address as it stands on the wire (RFC 791 §3.1).</summary>
public readonly record struct Ipv4(uint Value)
{
    /// <summary>Octets on the wire.</summary>
    public const int Length = 4;

    /// <summary>0.0.0.0: "I have no address yet", as in an ARP probe.</summary>
    public static Ipv4 Unspecified => default;

    /// <summary>Reads the first four octets, in network byte order.</summary>
    public static Ipv4 Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt32BigEndian(source));

    /// <summary>Writes four octets, in network byte order.</summary>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt32BigEndian(destination, Value);

    /// <summary>Reads dotted-quad text.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static Ipv4 Parse(string text) =>
        IPAddress.Parse(text) is { AddressFamily: AddressFamily.InterNetwork } address
            ? Read(address.GetAddressBytes())
            : throw new FormatException($"'{text}' is no IPv4 address.");

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Value >> 24}.{(Value >> 16) & 255}.{(Value >> 8) & 255}.{Value & 255}");
}
