using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Protocols;

/// <summary>An IPv6 address as it stands on the wire (RFC 4291), as its upper and its lower 64 bits.</summary>
/// <remarks>Not one <see cref="UInt128"/>: code that has one in it is not compiled ahead of time (decision 30).</remarks>
public readonly record struct Ipv6(ulong Upper, ulong Lower)
{
    /// <summary>Octets on the wire.</summary>
    public const int Length = 16;

    private const ulong LinkLocalMulticast = 0xff02_0000_0000_0000;

    /// <summary>The lower half of ff02::1:ff00:0/104, without the 24 bits that are an address's own (RFC 4291 §2.7.1).</summary>
    private const ulong SolicitedNodes = 0x0000_0001_ff00_0000;

    private const int SolicitedNodeBits = 24;

    /// <summary>::, the source of a duplicate address detection probe (RFC 4862 §5.4.2).</summary>
    public static Ipv6 Unspecified => default;

    /// <summary>ff02::1, every node on the segment.</summary>
    public static Ipv6 AllNodes => new(LinkLocalMulticast, 1);

    /// <summary>It is :: (RFC 4291 §2.5.2).</summary>
    public bool IsUnspecified => (Upper | Lower) == 0;

    /// <summary>ff00::/8 (RFC 4291 §2.7).</summary>
    public bool IsMulticast => (byte)(Upper >> 56) == 0xff;

    /// <summary>fe80::/10 (RFC 4291 §2.5.6).</summary>
    public bool IsLinkLocal => Upper >> 54 == 0xfe80u >> 6;

    /// <summary>It is the solicited-node group of some address (RFC 4291 §2.7.1).</summary>
    public bool IsSolicitedNode => Upper == LinkLocalMulticast && Lower >> SolicitedNodeBits == SolicitedNodes >> SolicitedNodeBits;

    /// <summary>The solicited-node group of this address: the one that its neighbours ask (RFC 4291 §2.7.1).</summary>
    public Ipv6 SolicitedNode => new(LinkLocalMulticast, SolicitedNodes | (Lower & ((1UL << SolicitedNodeBits) - 1)));

    /// <summary>Reads the first sixteen octets, in network byte order.</summary>
    public static Ipv6 Read(ReadOnlySpan<byte> source) => new(BinaryPrimitives.ReadUInt64BigEndian(source), BinaryPrimitives.ReadUInt64BigEndian(source[8..]));

    /// <summary>Writes sixteen octets, in network byte order.</summary>
    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], Lower); // the end first: what is too short stays as it is
        BinaryPrimitives.WriteUInt64BigEndian(destination, Upper);
    }

    /// <summary>Reads text as RFC 4291 §2.2 has it.</summary>
    /// <exception cref="FormatException">It is none.</exception>
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
