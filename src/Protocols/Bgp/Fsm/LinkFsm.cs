namespace OrleansLb.Protocols.Bgp;

/// <summary>What a connection makes of an event; the peer's machine decides what that means beside the other connection.</summary>
internal abstract record LinkOutcome
{
    private LinkOutcome() { }

    /// <summary>The connection goes on, perhaps in another state.</summary>
    internal sealed record Goes(BgpLink Link, ValueList<BgpEffect> Effects = default) : LinkOutcome;

    /// <summary>The peer's OPEN is acceptable: a collision can now be seen.</summary>
    internal sealed record Agreed(SessionParameters Session) : LinkOutcome;

    /// <summary>The connection has to end.</summary>
    internal sealed record Ends(ConnectionEnd End) : LinkOutcome;
}

/// <summary>
/// One connection from OpenSent to Established: the part of RFC 4271 §8.2.2 that needs no second connection. What the peer can see comes after the timers:
/// whoever hears a message may rely on them.
/// </summary>
internal static class LinkFsm
{
    public static LinkOutcome Step(SpeakerSettings settings, Side side, BgpLink link, BgpEvent input, Jitter jitter) => (link, input) switch
    {
        (_, BgpEvent.Received { Message: Notification notification }) => Ends(ConnectionEndCause.NotificationReceived, notification),
        (_, BgpEvent.Malformed malformed) => Ends(ConnectionEndCause.NotificationSent, malformed.Error),
        (_, BgpEvent.Closed) => Ends(ConnectionEndCause.ConnectionLost),
        (_, BgpEvent.TimerExpired { Timer.Kind: BgpTimerKind.Hold }) => Ends(ConnectionEndCause.NotificationSent, Notification.HoldTimerExpired),
        (_, BgpEvent.TimerExpired { Timer.Kind: BgpTimerKind.SendHold }) => Ends(ConnectionEndCause.NotificationSent, Notification.SendHoldTimerExpired),

        (BgpLink.OpenSent sent, BgpEvent.Received { Message: OpenMessage open }) => Negotiate(settings, sent, open),

        (BgpLink.OpenConfirm confirm, BgpEvent.Received { Message: KeepaliveMessage }) => Establish(settings, side, confirm.Session),
        (BgpLink.OpenConfirm confirm, BgpEvent.TimerExpired { Timer.Kind: BgpTimerKind.Keepalive }) => Keepalive(side, link, confirm.Session, jitter),

        (BgpLink.Established up, BgpEvent.Received { Message: KeepaliveMessage }) => Goes(link, Restart(BgpTimerKind.Hold, side, up.Session.HoldTime)),
        (BgpLink.Established, BgpEvent.UpdateReceived { Update.Notification: { } fatal }) => Ends(ConnectionEndCause.NotificationSent, fatal),
        (BgpLink.Established up, BgpEvent.UpdateReceived) => Goes(link, Restart(BgpTimerKind.Hold, side, up.Session.HoldTime)),
        (BgpLink.Established up, BgpEvent.Received { Message: RouteRefreshMessage refresh }) => Refresh(side, link, up.Session, refresh),
        (BgpLink.Established up, BgpEvent.TimerExpired { Timer.Kind: BgpTimerKind.Keepalive }) => Keepalive(side, link, up.Session, jitter),
        (BgpLink.Established up, BgpEvent.Written) => Goes(link, Restart(BgpTimerKind.SendHold, side, up.Session.SendHoldTime)),

        (_, BgpEvent.Received unexpected) => Unexpected(link, unexpected.Message.Type),
        (_, BgpEvent.UpdateReceived) => Unexpected(link, BgpMessageType.Update),
        _ => Goes(link),
    };

    /// <summary>What follows when the OPEN is accepted and no collision speaks against it (RFC 4271 §8.2.2, OpenSent, event 19).</summary>
    public static LinkOutcome.Goes Confirm(Side side, SessionParameters session, Jitter jitter) =>
        Goes(new BgpLink.OpenConfirm(session),
        [
            .. Restart(BgpTimerKind.Hold, side, session.HoldTime),
            .. Restart(BgpTimerKind.Keepalive, side, session.KeepaliveTime is { } time ? jitter.Apply(time) : null),
            new BgpEffect.Send(side, new KeepaliveMessage()),
        ]);

    private static LinkOutcome Negotiate(SpeakerSettings settings, BgpLink.OpenSent sent, OpenMessage remote)
    {
        var (session, refusal) = OpenNegotiation.Negotiate(settings, sent.Open, remote);
        return session is not null ? new LinkOutcome.Agreed(session) : Ends(ConnectionEndCause.NotificationSent, refusal);
    }

    private static LinkOutcome.Goes Establish(SpeakerSettings settings, Side side, SessionParameters session) =>
        Goes(new BgpLink.Established(session),
        [
            .. Restart(BgpTimerKind.Hold, side, session.HoldTime),
            .. Restart(BgpTimerKind.SendHold, side, session.SendHoldTime),
            new BgpEffect.StartTimer(new BgpTimer(BgpTimerKind.Stability), settings.StabilityTime),
            new BgpEffect.SessionUp(side, session),
        ]);

    private static LinkOutcome.Goes Keepalive(Side side, BgpLink link, SessionParameters session, Jitter jitter) =>
        Goes(link,
        [
            .. Restart(BgpTimerKind.Keepalive, side, session.KeepaliveTime is { } time ? jitter.Apply(time) : null),
            new BgpEffect.Send(side, new KeepaliveMessage()),
        ]);

    // A request for a family that is not in use, and the brackets of the peer's own answers, ask nothing of us (RFC 2918 §4).
    private static LinkOutcome.Goes Refresh(Side side, BgpLink link, SessionParameters session, RouteRefreshMessage refresh) =>
        refresh.Subtype == RouteRefreshSubtype.Request && session.RouteRefresh && session.Has(refresh.Family)
            ? Goes(link, [new BgpEffect.Readvertise(side, refresh.Family, session.EnhancedRouteRefresh)])
            : Goes(link);

    private static LinkOutcome.Ends Unexpected(BgpLink link, BgpMessageType type)
    {
        var where = link switch
        {
            BgpLink.OpenSent => FiniteStateMachineError.UnexpectedInOpenSent,
            BgpLink.OpenConfirm => FiniteStateMachineError.UnexpectedInOpenConfirm,
            _ => FiniteStateMachineError.UnexpectedInEstablished,
        };
        return Ends(ConnectionEndCause.NotificationSent, Notification.Unexpected(where, type));
    }

    private static ValueList<BgpEffect> Restart(BgpTimerKind kind, Side side, TimeSpan? duration) =>
        duration is { } time ? [new BgpEffect.StartTimer(new(kind, side), time)]
        : kind == BgpTimerKind.Hold ? [new BgpEffect.StopTimer(new(kind, side))] // that of the OPEN must not go on
        : default;

    private static LinkOutcome.Goes Goes(BgpLink link, ValueList<BgpEffect> effects = default) => new(link, effects);

    private static LinkOutcome.Ends Ends(ConnectionEndCause cause, Notification? notification = null) => new(new ConnectionEnd(cause, notification));
}
