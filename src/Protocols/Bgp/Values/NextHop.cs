using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace OrleansLb.Protocols.Bgp;

/// <summary>Where to send the packets: an IPv4 address, or an IPv6 address with or without a link-local one beside it (RFC 4760 §3, RFC 2545 §3).</summary>
public readonly record struct NextHop
{
    private NextHop(Afi afi, UInt128 address, UInt128 linkLocal) => (Afi, AddressBits, LinkLocalBits) = (afi, address, linkLocal);

    /// <summary>The family of the address, which need not be that of the routes (RFC 8950).</summary>
    public Afi Afi { get; }

    private UInt128 AddressBits { get; }

    private UInt128 LinkLocalBits { get; }

    /// <summary>A link-local address stands beside the global one.</summary>
    public bool HasLinkLocal => LinkLocalBits != 0;

    /// <summary>Octets on the wire: 4, 16 or 32.</summary>
    public int WireLength =>
        Afi == Afi.Ipv4 ? 4
        : HasLinkLocal ? 32
        : 16;

    /// <summary>An IPv4 or IPv6 next hop; the second address is for IPv6 only.</summary>
    public static NextHop From(IPAddress address, IPAddress? linkLocal = null) =>
        address.AddressFamily == AddressFamily.InterNetwork
            ? new(Afi.Ipv4, Bits(address), 0)
            : new(Afi.Ipv6, Bits(address), linkLocal is null ? 0 : Bits(linkLocal));

    /// <summary>Reads one address.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static NextHop Parse(string text) => From(IPAddress.Parse(text));

    /// <summary>Reads 4, 16 or 32 octets, nothing else. 24 and 48 octets carry a route distinguisher, which unicast has not.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out NextHop nextHop)
    {
        nextHop = source.Length switch
        {
            4 => new(Afi.Ipv4, BinaryPrimitives.ReadUInt32BigEndian(source), 0),
            16 => new(Afi.Ipv6, BinaryPrimitives.ReadUInt128BigEndian(source), 0),
            32 => new(Afi.Ipv6, BinaryPrimitives.ReadUInt128BigEndian(source), BinaryPrimitives.ReadUInt128BigEndian(source[16..])),
            _ => default,
        };
        return source.Length is 4 or 16 or 32;
    }

    /// <summary>Writes <see cref="WireLength"/> octets.</summary>
    public void Write(ref WireWriter writer)
    {
        if (Afi == Afi.Ipv4)
        {
            writer.UInt32((uint)AddressBits);
            return;
        }

        writer.UInt128(AddressBits);
        if (HasLinkLocal) writer.UInt128(LinkLocalBits);
    }

    /// <summary>False for addresses that no host can have: unspecified, loopback, multicast and class E (RFC 4271 §6.3).</summary>
    public bool IsHostAddress =>
        Afi == Afi.Ipv4
            ? (byte)(AddressBits >> 24) is not 0 and not 127 and < 224
            : AddressBits > 1 && (byte)(AddressBits >> 120) != 0xff;

    /// <summary>The address, of an IPv6 pair the global one.</summary>
    public IPAddress Address => ToAddress(Afi, AddressBits);

    /// <summary>The link-local address beside it; null without one.</summary>
    public IPAddress? LinkLocal => HasLinkLocal ? ToAddress(Afi.Ipv6, LinkLocalBits) : null;

    public override string ToString() => HasLinkLocal ? $"{Address} {LinkLocal}" : Address.ToString();

    private static UInt128 Bits(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var count);
        return count == 4 ? BinaryPrimitives.ReadUInt32BigEndian(bytes) : BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    private static IPAddress ToAddress(Afi afi, UInt128 bits)
    {
        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        return new(afi == Afi.Ipv4 ? bytes[12..] : bytes);
    }
}
