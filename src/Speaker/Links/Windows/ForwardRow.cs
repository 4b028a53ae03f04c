using System.Buffers.Binary;
using OrleansLb.Core.Addressing;

namespace OrleansLb.Speaker.Links.Windows;

/// <summary>A unicast route that leaves by an interface, as a <c>MIB_IPFORWARD_ROW2</c> tells it.</summary>
internal readonly record struct ForwardRow(int Interface, Prefix Destination)
{
    // 0 LUID  8 interface  12 destination (SOCKADDR_INET: family, port, then IPv4 at 4 or IPv6 at 8)  40 its length  44 next hop
    // 72 site prefix  76, 80 lifetimes  84 metric  88 protocol  92 loopback  93-95 flags  96 age  100 origin
    public const int Length = 104;
    private const int DestinationOffset = 12, LengthOffset = 40, ProtocolOffset = 88, LoopbackOffset = 92;
    private const ushort Inet = 2, Inet6 = 23;
    private const uint Local = 2; // RouteProtocolLocal: made by the stack itself, for what an interface bears

    private static readonly Prefix[] NotUnicast = [Prefix.Parse("224.0.0.0/4"), Prefix.Parse("255.255.255.255/32"), Prefix.Parse("ff00::/8")];

    /// <summary>
    /// The route; null when it leaves by no network: one to an address of this host or to a subnet's broadcast address, which the stack makes by itself, or for
    /// groups. By those, an address that has become local would seem to be reached by another interface than before.
    /// </summary>
    public static ForwardRow? Read(ReadOnlySpan<byte> row)
    {
        if (row.Length < Length || row[LoopbackOffset] != 0) return null;
        if (ReadAddress(row[DestinationOffset..LengthOffset]) is not { } network || row[LengthOffset] > network.Bits) return null;
        var destination = new Prefix(network, row[LengthOffset]);
        var isOwn = destination.Length == network.Bits && BinaryPrimitives.ReadUInt32LittleEndian(row[ProtocolOffset..]) == Local;
        return isOwn || NotUnicast.Any(group => destination.Length >= group.Length && group.Contains(destination.Network))
            ? null
            : new(BinaryPrimitives.ReadInt32LittleEndian(row[8..]), destination);
    }

    private static Address? ReadAddress(ReadOnlySpan<byte> socketAddress) => BinaryPrimitives.ReadUInt16LittleEndian(socketAddress) switch
    {
        Inet => Address.Ipv4(BinaryPrimitives.ReadUInt32BigEndian(socketAddress[4..])),
        Inet6 => new(IpFamily.IPv6, BinaryPrimitives.ReadUInt128BigEndian(socketAddress[8..])),
        _ => null,
    };
}
