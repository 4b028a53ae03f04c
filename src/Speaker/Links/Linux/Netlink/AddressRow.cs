using OrleansLb.Core.Addressing;

namespace OrleansLb.Speaker.Links.Linux.Netlink;

/// <summary>An address that an interface bears, and the prefix that is connected by it, as RTM_NEWADDR tells it.</summary>
internal readonly record struct AddressRow(int Interface, Address Address, Prefix Connected)
{
    // struct ifaddrmsg: 0 family  1 prefix length  2 flags  3 scope  4 interface
    private const int HeaderLength = 8;
    private const ushort AddressAttribute = 1; // on a point-to-point link the peer's, and that is the prefix which is connected
    private const ushort LocalAttribute = 2; // its own, where the two differ

    public static AddressRow? Read(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < HeaderLength) return null;
        Address? peer = null, local = null;
        var attributes = payload[HeaderLength..];
        while (NetlinkAttribute.TryTake(ref attributes, out var attribute))
        {
            if (attribute.Type == AddressAttribute) peer = NetlinkPrefix.ReadAddress(payload[0], attribute.Value);
            if (attribute.Type == LocalAttribute) local = NetlinkPrefix.ReadAddress(payload[0], attribute.Value);
        }
        return peer is { } connected && payload[1] <= connected.Bits
            ? new(BitConverter.ToInt32(payload[4..]), local ?? connected, new(connected, payload[1]))
            : null;
    }
}
