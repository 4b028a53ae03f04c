using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Protocols;

/// <summary>An IPv6 address as it stands on the wire (RFC 4291).</summary>
public readonly record struct Ipv6(UInt128 Value)
{
    public const int Length = 16;

    private const int SolicitedNodeBits = 24;

    /// <summary>::, the source of a duplicate address detection probe (RFC 4862 §5.4.2).</summary>
    public static Ipv6 Unspecified => default;

    /// <summary>ff02::1, every node on the segment.</summary>
    public static Ipv6 AllNodes => new(new UInt128(0xff02_0000_0000_0000, 1));

    /// <summary>ff02::1:ff00:0/104, under which every solicited-node group lies (RFC 4291 §2.7.1).</summary>
    private static Ipv6 SolicitedNodePrefix => new(new UInt128(0xff02_0000_0000_0000, 0x0000_0001_ff00_0000));

    public bool IsUnspecified => Value == UInt128.Zero;

    public bool IsMulticast => (byte)(Value >> 120) == 0xff;

    public bool IsLinkLocal => (uint)(Value >> 118) == 0xfe80u >> 6;

    public bool IsSolicitedNode => Value >> SolicitedNodeBits == SolicitedNodePrefix.Value >> SolicitedNodeBits;

    /// <summary>The solicited-node group of this address: the one that its neighbours ask (RFC 4291 §2.7.1).</summary>
    public Ipv6 SolicitedNode => new(SolicitedNodePrefix.Value | (Value & ((UInt128.One << SolicitedNodeBits) - 1)));

    public static Ipv6 Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt128BigEndian(source));

    public void Write(Span<byte> destination) => BinaryPrimitives.WriteUInt128BigEndian(destination, Value);

    public static Ipv6 Parse(string text) =>
        IPAddress.Parse(text) is { AddressFamily: AddressFamily.InterNetworkV6 } address
            ? Read(address.GetAddressBytes())
            : throw new FormatException($"'{text}' is no IPv6 address.");

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Length];
        Write(bytes);
        return new IPAddress(bytes).ToString();
    }
}
