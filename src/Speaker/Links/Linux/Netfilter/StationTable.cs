using System.Buffers.Binary;
using System.Text;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Links.Linux.Netlink;

namespace OrleansLb.Speaker.Links.Linux.Netfilter;

/// <summary>
/// An nf_tables table that gives one interface more station addresses: <c>table netdev NAME { flags owner; chain in { type filter hook ingress device DEV
/// priority -300; ether daddr @stations meta pkttype set host } }</c>. It belongs to the socket that made it: the kernel
/// removes it with that socket, however the process ends.
/// </summary>
internal static class StationTable
{
    private const ushort Create = 0x400, Exclusive = 0x200; // NLM_F_CREATE, NLM_F_EXCL
    private const ushort Nested = 0x8000;
    private const ushort ListElement = 1;
    private const uint OwnerFlag = 2; // NFT_TABLE_F_OWNER, Linux 5.12
    private const uint IngressHook = 0, Accept = 1;
    private const int Priority = -300; // before all that filters
    private const uint EtherAddressType = 9; // how nft(8) shows the set
    private const uint SetNumber = 1, Register = 1, LinkLayerHeader = 0, DestinationOffset = 0, PacketType = 19;
    private const byte Host = 0; // PACKET_HOST
    private const string Set = "stations", Chain = "in";

    /// <summary>The table, its empty set and its rule, on an interface.</summary>
    public static NetfilterChange[] Make(string table, string device) =>
    [
        new(NetfilterType.NewTable, Create | Exclusive, [.. Text(1, table), .. Number(2, OwnerFlag)]),
        new(NetfilterType.NewSet, Create | Exclusive,
            [.. Text(1, table), .. Text(2, Set), .. Number(3, 0), .. Number(4, EtherAddressType), .. Number(5, MacAddress.Length), .. Number(10, SetNumber)]),
        new(NetfilterType.NewChain, Create | Exclusive, [.. Text(1, table), .. Text(3, Chain), .. Hook(device), .. Number(5, Accept), .. Text(7, "filter")]),
        new(NetfilterType.NewRule, Create,
            [.. Text(1, table), .. Text(2, Chain), .. Nest(4, [.. LoadDestination(), .. LookUp(), .. LoadHost(), .. SetPacketType()])]),
    ];

    public static NetfilterChange Add(string table, MacAddress station) => new(NetfilterType.NewElement, Create, Element(table, station));

    public static NetfilterChange Remove(string table, MacAddress station) => new(NetfilterType.DeleteElement, 0, Element(table, station));

    private static byte[] Element(string table, MacAddress station)
    {
        var key = new byte[MacAddress.Length];
        station.Write(key);
        return [.. Text(1, table), .. Text(2, Set), .. Nest(3, Nest(ListElement, Nest(1, NetlinkAttribute.Encode(1, key))))];
    }

    private static byte[] Hook(string device)
    {
        return Nest(4, [.. Number(1, IngressHook), .. Number(2, unchecked((uint)Priority)), .. Text(3, device)]);
    }

    private static byte[] LoadDestination() =>
        Expression("payload", [.. Number(1, Register), .. Number(2, LinkLayerHeader), .. Number(3, DestinationOffset), .. Number(4, MacAddress.Length)]);

    private static byte[] LookUp() => Expression("lookup", [.. Text(1, Set), .. Number(2, Register), .. Number(4, SetNumber)]);

    private static byte[] LoadHost() => Expression("immediate", [.. Number(1, Register), .. Nest(2, NetlinkAttribute.Encode(1, Host))]);

    private static byte[] SetPacketType() => Expression("meta", [.. Number(2, PacketType), .. Number(3, Register)]);

    private static byte[] Expression(string name, byte[] data) => Nest(ListElement, [.. Text(1, name), .. Nest(2, data)]);

    private static byte[] Nest(ushort type, byte[] attributes) => NetlinkAttribute.Encode((ushort)(type | Nested), attributes);

    private static byte[] Text(ushort type, string text) => NetlinkAttribute.Encode(type, [.. Encoding.UTF8.GetBytes(text), 0]);

    /// <summary>Numbers of nf_tables are in network byte order.</summary>
    private static byte[] Number(ushort type, uint value)
    {
        Span<byte> octets = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(octets, value);
        return NetlinkAttribute.Encode(type, octets);
    }
}
