using System.Buffers.Binary;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Protocols.Ndp;

/// <summary>
/// A neighbour solicitation or advertisement (RFC 4861 §4.3, §4.4): the two share one layout. <c>LinkLayer</c> is the source's
/// link-layer address in a solicitation and the target's in an advertisement; other options are passed over (§4.6).
/// </summary>
public readonly record struct NdpMessage(NdpType Type, NeighborFlags Flags, Ipv6 Target, MacAddress? LinkLayer)
{
    // 0 type  1 code  2 checksum  4 flags, reserved  8 target  24 options
    public const int MinLength = 24;
    private const int LinkLayerOptionLength = 8;
    private const byte FlagBits = (byte)(NeighborFlags.Router | NeighborFlags.Solicited | NeighborFlags.Override);

    public int Length => LinkLayer is null ? MinLength : MinLength + LinkLayerOptionLength;

    private static byte LinkLayerOption(NdpType type) => type == NdpType.NeighborSolicitation ? (byte)1 : (byte)2; // RFC 4861 §4.6.1

    /// <summary>Reads a message; its checksum and its IPv6 header are <see cref="NdpFrame"/>'s to judge.</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, out NdpMessage message, out NdpFault fault)
    {
        message = default;
        var type = source.Length > 0 ? (NdpType)source[0] : default;
        fault = source.Length < MinLength ? NdpFault.Truncated
            : type is not (NdpType.NeighborSolicitation or NdpType.NeighborAdvertisement) ? NdpFault.NotNeighborDiscovery
            : source[1] != 0 ? NdpFault.Code
            : NdpFault.None;
        if (fault != NdpFault.None) return false;
        if (!TryFindLinkLayer(source[MinLength..], LinkLayerOption(type), out var linkLayer)) fault = NdpFault.Options;
        var flags = type == NdpType.NeighborAdvertisement ? (NeighborFlags)(source[4] & FlagBits) : NeighborFlags.None;
        message = new(type, flags, Ipv6.Read(source[8..]), linkLayer);
        return fault == NdpFault.None;
    }

    /// <summary>Writes the message with a checksum of zero, for its packet to fill in.</summary>
    public void Write(Span<byte> destination)
    {
        destination[..8].Clear();
        destination[0] = (byte)Type;
        destination[4] = (byte)Flags;
        Target.Write(destination[8..]);
        if (LinkLayer is not { } linkLayer) return;
        destination[24] = LinkLayerOption(Type);
        destination[25] = 1;
        linkLayer.Write(destination[26..]);
    }

    /// <summary>Walks the options, whose lengths count units of eight octets; a length of zero or past the end condemns the whole message.</summary>
    private static bool TryFindLinkLayer(ReadOnlySpan<byte> options, byte wanted, out MacAddress? linkLayer)
    {
        linkLayer = null;
        while (!options.IsEmpty)
        {
            var length = options.Length < 2 ? 0 : options[1] * 8;
            if (length == 0 || length > options.Length) return false;
            if (options[0] == wanted && length != LinkLayerOptionLength) return false; // no Ethernet address
            if (options[0] == wanted) linkLayer ??= MacAddress.Read(options[2..]);
            options = options[length..];
        }
        return true;
    }
}
