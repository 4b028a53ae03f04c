using OrleansLb.Core;
using OrleansLb.Core.Addressing;

namespace OrleansLb.Speaker.Links.Linux.Netlink;

/// <summary>A unicast route of the main table, as RTM_NEWROUTE tells it.</summary>
internal sealed record RouteRow(Prefix Destination, EquatableList<int> Interfaces)
{
    // struct rtmsg: 0 family  1 destination length  2 source length  3 tos  4 table  5 protocol  6 scope  7 type  8 flags
    public const int HeaderLength = 12;
    public const byte MainTable = 254;
    public const byte Unicast = 1;
    private const ushort DestinationAttribute = 1, InterfaceAttribute = 4, MultipathAttribute = 9;
    private const int NextHopLength = 8;

    /// <summary>The route; null when it is of another table or kind, or leaves by no interface.</summary>
    public static RouteRow? Read(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < HeaderLength || payload[4] != MainTable || payload[7] != Unicast) return null;
        var destination = payload[1] == 0 ? NetlinkPrefix.Everything(payload[0]) : null;
        var interfaces = new List<int>();
        var attributes = payload[HeaderLength..];
        while (NetlinkAttribute.TryTake(ref attributes, out var attribute))
        {
            if (attribute.Type == DestinationAttribute) destination = NetlinkPrefix.Read(payload[0], attribute.Value, payload[1]);
            if (attribute.Type == InterfaceAttribute) interfaces.Add(attribute.Int32);
            if (attribute.Type == MultipathAttribute) AddNextHops(attribute.Value, interfaces);
        }
        return destination is { } prefix && interfaces.Count > 0 ? new(prefix, interfaces.Distinct().ToEquatableList()) : null;
    }

    // struct rtnexthop: 0 length  2 flags  3 hops  4 interface, then its own attributes
    private static void AddNextHops(ReadOnlySpan<byte> hops, List<int> interfaces)
    {
        while (hops.Length >= NextHopLength && BitConverter.ToUInt16(hops) is >= NextHopLength and var length && length <= hops.Length)
        {
            interfaces.Add(BitConverter.ToInt32(hops[4..]));
            hops = hops[Math.Min(NetlinkAttribute.Align(length), hops.Length)..];
        }
    }
}
