using System.Buffers.Binary;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Speaker.Links.Linux.Netlink;

/// <summary>An interface as RTM_NEWLINK tells it.</summary>
/// <param name="Kind">The driver of a virtual one, such as <c>macvlan</c>; null for a card.</param>
internal sealed record LinkRow(int Index, string Name, ushort HardwareType, LinkFlags Flags, HardwareAddress Mac, bool Enslaved, string? Kind,
    string? SlaveKind, bool NotifyPeers)
{
    // struct ifinfomsg: 0 family  2 hardware type  4 index  8 flags  12 change mask
    private const int HeaderLength = 16;
    private const ushort EthernetHardware = 1;
    private const ushort AddressAttribute = 1, NameAttribute = 3, MasterAttribute = 10, LinkInfoAttribute = 18, EventAttribute = 44;
    private const ushort KindAttribute = 1, SlaveKindAttribute = 4;
    private const int BondingFailover = 3, PeersToNotify = 4;

    /// <summary>
    /// May an address be announced here: an Ethernet link that is up, has carrier and does ARP, and is no port of a bond or a bridge
    /// (those speak through their master; a VRF's member keeps its own voice).
    /// </summary>
    public bool Usable =>
        HardwareType == EthernetHardware
        && (Flags & (LinkFlags.Up | LinkFlags.LowerUp | LinkFlags.Broadcast)) == (LinkFlags.Up | LinkFlags.LowerUp | LinkFlags.Broadcast)
        && (Flags & (LinkFlags.Loopback | LinkFlags.NoArp | LinkFlags.BondSlave)) == 0
        && (!Enslaved || SlaveKind == "vrf");

    /// <summary>Without carrier, or set down.</summary>
    public bool IsDown => (Flags & (LinkFlags.Up | LinkFlags.LowerUp)) != (LinkFlags.Up | LinkFlags.LowerUp);

    public static LinkRow? Read(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < HeaderLength) return null;
        var row = new LinkRow(BitConverter.ToInt32(payload[4..]), "", BitConverter.ToUInt16(payload[2..]), (LinkFlags)BitConverter.ToUInt32(payload[8..]),
            default, false, null, null, false);
        var attributes = payload[HeaderLength..];
        while (NetlinkAttribute.TryTake(ref attributes, out var attribute)) row = row.With(attribute);
        return row;
    }

    private LinkRow With(NetlinkAttribute attribute) => attribute.Type switch
    {
        NameAttribute => this with { Name = attribute.Text },
        AddressAttribute when attribute.Value.Length == 6 => this with { Mac = ReadMac(attribute.Value) },
        MasterAttribute => this with { Enslaved = attribute.Int32 != 0 },
        LinkInfoAttribute => this with { Kind = Find(attribute.Value, KindAttribute), SlaveKind = Find(attribute.Value, SlaveKindAttribute) },
        EventAttribute => this with { NotifyPeers = attribute.Int32 is BondingFailover or PeersToNotify },
        _ => this,
    };

    private static HardwareAddress ReadMac(ReadOnlySpan<byte> octets) =>
        new((ulong)BinaryPrimitives.ReadUInt16BigEndian(octets) << 32 | BinaryPrimitives.ReadUInt32BigEndian(octets[2..]));

    private static string? Find(ReadOnlySpan<byte> nested, ushort type)
    {
        while (NetlinkAttribute.TryTake(ref nested, out var attribute))
        {
            if (attribute.Type == type) return attribute.Text;
        }
        return null;
    }
}
