using System.Buffers.Binary;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Protocols.Ndp;

/// <summary>
/// A neighbour solicitation or advertisement (RFC 4861 §4.3, §4.4): the two share one layout. <c>LinkLayer</c> is the source's
/// link-layer address in a solicitation and the target's in an advertisement; other options are passed over (§4.6).
/// </summary>
/// <param name="Station">
/// The interface that sent it in the name of a <see cref="VirtualMac"/>, in an option of the kind that is set aside for one's own use (RFC 4727) and that
/// others pass over; null for the usual message.
/// </param>
public readonly record struct NdpMessage(NdpType Type, NeighborFlags Flags, Ipv6 Target, MacAddress? LinkLayer, MacAddress? Station = null)
{
    // 0 type  1 code  2 checksum  4 flags, reserved  8 target  24 options
    /// <summary>Octets of a message without options.</summary>
    public const int MinLength = 24;
    internal const int MacOptionLength = 8;
    private const byte StationOption = 253;
    private const byte FlagBits = (byte)(NeighborFlags.Router | NeighborFlags.Solicited | NeighborFlags.Override);

    /// <summary>Octets of this message with its options.</summary>
    public int Length => MinLength + (LinkLayer is null ? 0 : MacOptionLength) + (Station is null ? 0 : MacOptionLength);

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
        if (!TryReadOptions(source[MinLength..], LinkLayerOption(type), out var linkLayer, out var station)) fault = NdpFault.Options;
        var flags = type == NdpType.NeighborAdvertisement ? (NeighborFlags)(source[4] & FlagBits) : NeighborFlags.None;
        message = new(type, flags, Ipv6.Read(source[8..]), linkLayer, station);
        return fault == NdpFault.None;
    }

    /// <summary>Writes the message with a checksum of zero, for its packet to fill in.</summary>
    public void Write(Span<byte> destination)
    {
        destination[..8].Clear();
        destination[0] = (byte)Type;
        destination[4] = (byte)Flags;
        Target.Write(destination[8..]);
        var options = destination[MinLength..];
        if (LinkLayer is { } linkLayer) options = WriteOption(LinkLayerOption(Type), linkLayer, options);
        if (Station is { } station) WriteOption(StationOption, station, options);
    }

    private static Span<byte> WriteOption(byte type, MacAddress mac, Span<byte> options)
    {
        (options[0], options[1]) = (type, 1);
        mac.Write(options[2..]);
        return options[MacOptionLength..];
    }

    /// <summary>Walks the options, whose lengths count units of eight octets; a length of zero or past the end condemns the whole message.</summary>
    private static bool TryReadOptions(ReadOnlySpan<byte> options, byte linkLayerOption, out MacAddress? linkLayer, out MacAddress? station)
    {
        (linkLayer, station) = (null, null);
        while (!options.IsEmpty)
        {
            var length = options.Length < 2 ? 0 : options[1] * 8;
            if (length == 0 || length > options.Length) return false;
            if (options[0] == linkLayerOption && length != MacOptionLength) return false; // no Ethernet address
            if (options[0] == linkLayerOption) linkLayer ??= MacAddress.Read(options[2..]);
            if (options[0] == StationOption && length == MacOptionLength) station ??= MacAddress.Read(options[2..]);
            options = options[length..];
        }
        return true;
    }
}
