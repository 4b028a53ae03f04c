using System.Buffers.Binary;

namespace OrleansLb.Protocols.Bgp;

/// <summary>The header of every message: sixteen octets of ones, the length of the whole, the type (RFC 4271 §4.1).</summary>
public readonly record struct BgpHeader(BgpMessageType Type, int MessageLength)
{
    /// <summary>Octets of the header (RFC 4271 §4.1).</summary>
    public const int Length = 19;

    /// <summary>RFC 4271 §4.1.</summary>
    public const int MaxLength = 4096;

    /// <summary>RFC 8654 §4, once both sides have the capability. OPEN and KEEPALIVE keep to <see cref="MaxLength"/>.</summary>
    public const int MaxExtendedLength = 65535;

    private const int MarkerLength = 16, LengthOffset = 16, TypeOffset = 18;

    /// <summary>Octets behind the header.</summary>
    public int BodyLength => MessageLength - Length;

    /// <summary>Reads the first 19 octets of a message; false without an error when there are fewer, with one when they are wrong (RFC 4271 §6.1).</summary>
    public static bool TryRead(ReadOnlySpan<byte> source, bool extendedMessages, out BgpHeader header, out Notification? error)
    {
        header = default;
        error = null;
        if (source.Length < Length) return false;
        var length = BinaryPrimitives.ReadUInt16BigEndian(source[LengthOffset..]);
        header = new((BgpMessageType)source[TypeOffset], length);
        error = source[..MarkerLength].ContainsAnyExcept((byte)0xFF) ? Notification.ConnectionNotSynchronized
            : length is < Length ? Notification.BadMessageLength(length)
            : length > Longest(header.Type, extendedMessages) ? Notification.BadMessageLength(length)
            : header.Type is < BgpMessageType.Open or > BgpMessageType.RouteRefresh ? Notification.BadMessageType((byte)header.Type)
            : !header.LengthFitsType ? Notification.BadMessageLength(length)
            : null;
        return error is null;
    }

    /// <summary>Writes marker, length and type.</summary>
    public void Write(Span<byte> destination)
    {
        destination[..MarkerLength].Fill(0xFF);
        BinaryPrimitives.WriteUInt16BigEndian(destination[LengthOffset..], (ushort)MessageLength);
        destination[TypeOffset] = (byte)Type;
    }

    private static int Longest(BgpMessageType type, bool extendedMessages) =>
        extendedMessages && type is not (BgpMessageType.Open or BgpMessageType.Keepalive) ? MaxExtendedLength : MaxLength;

    // A ROUTE-REFRESH of a wrong length has an error code of its own (RFC 7313 §5): RouteRefreshMessage judges it.
    private bool LengthFitsType => Type switch
    {
        BgpMessageType.Open => MessageLength >= 29,
        BgpMessageType.Update => MessageLength >= 23,
        BgpMessageType.Notification => MessageLength >= 21,
        BgpMessageType.Keepalive => MessageLength == Length,
        _ => true,
    };
}
