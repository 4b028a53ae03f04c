namespace OrleansLb.Protocols.Bgp;

/// <summary>What a ROUTE-REFRESH means (RFC 7313 §3.2).</summary>
public enum RouteRefreshSubtype : byte
{
    Request = 0,
    Begin = 1,
    End = 2,
}

/// <summary>"Send me the routes of this family again", or the brackets round such an answer (RFC 2918, RFC 7313).</summary>
public sealed record RouteRefreshMessage(Family Family, RouteRefreshSubtype Subtype = RouteRefreshSubtype.Request) : BgpMessage
{
    private const int BodyLength = 4;

    public override BgpMessageType Type => BgpMessageType.RouteRefresh;

    // afi (2), subtype (1), safi (1)
    /// <summary>Reads a body behind the header; <paramref name="error"/> is what to tell the peer.</summary>
    public static bool TryRead(ReadOnlySpan<byte> body, out RouteRefreshMessage refresh, out Notification? error)
    {
        var reader = new WireReader(body);
        var afi = (Afi)reader.UInt16();
        var subtype = (RouteRefreshSubtype)reader.UInt8();
        refresh = new(new(afi, (Safi)reader.UInt8()), subtype);
        error = body.Length == BodyLength ? null
            : subtype is RouteRefreshSubtype.Begin or RouteRefreshSubtype.End ? Notification.RouteRefreshLength(Whole(body))
            : Notification.BadMessageLength((ushort)(BgpHeader.Length + body.Length));
        return error is null;
    }

    private static byte[] Whole(ReadOnlySpan<byte> body)
    {
        var message = new byte[BgpHeader.Length + body.Length];
        new BgpHeader(BgpMessageType.RouteRefresh, message.Length).Write(message);
        body.CopyTo(message.AsSpan(BgpHeader.Length));
        return message;
    }

    protected override void WriteBody(ref WireWriter writer)
    {
        writer.UInt16((ushort)Family.Afi);
        writer.UInt8((byte)Subtype);
        writer.UInt8((byte)Family.Safi);
    }
}
