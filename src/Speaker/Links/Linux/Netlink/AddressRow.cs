using OrleansLb.Core.Addressing;

namespace OrleansLb.Speaker.Links.Linux.Netlink;

/// <summary>The connected prefix of an address that an interface bears, as RTM_NEWADDR tells it.</summary>
internal readonly record struct AddressRow(int Interface, Prefix Connected)
{
    // struct ifaddrmsg: 0 family  1 prefix length  2 flags  3 scope  4 interface
    private const int HeaderLength = 8;
    private const ushort AddressAttribute = 1; // on a point-to-point link the peer's, and that is the prefix which is connected

    public static AddressRow? Read(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < HeaderLength) return null;
        var attributes = payload[HeaderLength..];
        while (NetlinkAttribute.TryTake(ref attributes, out var attribute))
        {
            if (attribute.Type == AddressAttribute && NetlinkPrefix.Read(payload[0], attribute.Value, payload[1]) is { } prefix)
                return new(BitConverter.ToInt32(payload[4..]), prefix);
        }
        return null;
    }
}
