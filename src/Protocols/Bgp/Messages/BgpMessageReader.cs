namespace OrleansLb.Protocols.Bgp;

/// <summary>Reads the body of any message but an UPDATE, which <see cref="UpdateReader"/> judges.</summary>
public static class BgpMessageReader
{
    /// <summary>The message, or null and what to tell the peer.</summary>
    public static BgpMessage? Read(BgpHeader header, ReadOnlySpan<byte> body, out Notification? error)
    {
        error = null;
        switch (header.Type)
        {
            case BgpMessageType.Open: return OpenMessage.TryRead(body, out var open, out error) ? open : null;
            case BgpMessageType.RouteRefresh: return RouteRefreshMessage.TryRead(body, out var refresh, out error) ? refresh : null;
            case BgpMessageType.Keepalive: return new KeepaliveMessage();
            case BgpMessageType.Notification when Notification.TryRead(body, out var notification): return notification;
            default:
                error = Notification.BadMessageType((byte)header.Type);
                return null;
        }
    }
}
