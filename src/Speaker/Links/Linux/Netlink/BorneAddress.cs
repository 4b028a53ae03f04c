using System.Buffers.Binary;
using OrleansLb.Core.Addressing;

namespace OrleansLb.Speaker.Links.Linux.Netlink;

/// <summary>The body of RTM_NEWADDR and RTM_DELADDR for one host address with a finite lifetime.</summary>
internal static class BorneAddress
{
    // struct ifaddrmsg: 0 family  1 prefix length  2 flags  3 scope  4 interface
    private const int HeaderLength = 8;
    private const ushort AddressAttribute = 1, LocalAttribute = 2, LifetimeAttribute = 6, FlagsAttribute = 8;

    /// <summary>No route for a prefix, and no duplicate address detection: the speaker has asked already, or takes over.</summary>
    private const uint Flags = 0x200 | 0x02; // IFA_F_NOPREFIXROUTE, IFA_F_NODAD

    /// <summary>Deprecated from the start (RFC 4862 §5.5.4), so that the node chooses it as the source of nothing.</summary>
    public static byte[] New(int interfaceIndex, Address address, TimeSpan lifetime)
    {
        var cache = new byte[16]; // struct ifa_cacheinfo: 0 preferred  4 valid, both in seconds
        BitConverter.TryWriteBytes(cache.AsSpan(4), (uint)Math.Ceiling(lifetime.TotalSeconds));
        return [.. Old(interfaceIndex, address), .. NetlinkAttribute.Encode(LifetimeAttribute, cache),
            .. NetlinkAttribute.Encode(FlagsAttribute, BitConverter.GetBytes(Flags))];
    }

    public static byte[] Old(int interfaceIndex, Address address)
    {
        var header = new byte[HeaderLength];
        (header[0], header[1]) = (address.Family == IpFamily.IPv4 ? NetlinkPrefix.Inet : NetlinkPrefix.Inet6, (byte)address.Bits);
        BitConverter.TryWriteBytes(header.AsSpan(4), interfaceIndex);
        var octets = new byte[address.Bits / 8];
        if (address.Family == IpFamily.IPv4) BinaryPrimitives.WriteUInt32BigEndian(octets, (uint)address.Lower);
        else BinaryPrimitives.WriteUInt128BigEndian(octets, address.Value);
        return [.. header, .. NetlinkAttribute.Encode(LocalAttribute, octets), .. NetlinkAttribute.Encode(AddressAttribute, octets)];
    }
}
