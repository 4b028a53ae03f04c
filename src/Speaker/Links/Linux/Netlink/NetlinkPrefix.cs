using System.Buffers.Binary;
using OrleansLb.Core.Addressing;

namespace OrleansLb.Speaker.Links.Linux.Netlink;

/// <summary>Reads address and prefix length as netlink writes them: in network byte order, by family.</summary>
internal static class NetlinkPrefix
{
    public const byte Inet = 2;
    public const byte Inet6 = 10;

    /// <summary>The prefix; null for another family or a length that its family has not.</summary>
    public static Prefix? Read(byte family, ReadOnlySpan<byte> octets, byte length) =>
        ReadAddress(family, octets) is { } address && length <= address.Bits ? new(address, length) : null;

    public static Address? ReadAddress(byte family, ReadOnlySpan<byte> octets) => (family, octets.Length) switch
    {
        (Inet, 4) => Address.Ipv4(BinaryPrimitives.ReadUInt32BigEndian(octets)),
        (Inet6, 16) => new(IpFamily.IPv6, BinaryPrimitives.ReadUInt128BigEndian(octets)),
        _ => null,
    };

    /// <summary>The default route's prefix, which has no bytes on the wire.</summary>
    public static Prefix? Everything(byte family) => family switch
    {
        Inet => new(new(IpFamily.IPv4, 0), 0),
        Inet6 => new(new(IpFamily.IPv6, 0), 0),
        _ => null,
    };
}
