using System.Collections.Immutable;

namespace OrleansLb.Protocols.Bgp;

/// <summary>The state machine of one peer (RFC 4271 §8): total, without clock, random or I/O.</summary>
public sealed class BgpFsm(SpeakerSettings settings)
{
    /// <summary>How long a peer may take over its OPEN: "a large value" (RFC 4271 §8.2.2).</summary>
    public static readonly TimeSpan OpenHoldTime = TimeSpan.FromMinutes(4);

    private static readonly Notification Collision = Notification.Cease(CeaseSubcode.ConnectionCollisionResolution);
    private static readonly BgpTimer ConnectRetryTimer = new(BgpTimerKind.ConnectRetry);
    private static readonly BgpTimer IdleHoldTimer = new(BgpTimerKind.IdleHold);
    private static readonly BgpTimer StabilityTimer = new(BgpTimerKind.Stability);

    /// <summary>What follows from an event in a state; the jitter goes on the durations of timers that it starts.</summary>
    public Transition Step(BgpState state, BgpEvent input, Jitter jitter = default) => input switch
    {
        BgpEvent.Start => state.Phase == DialPhase.Stopped ? Begin(state, jitter) : new(state),
        BgpEvent.Stop stop => Stop(state, stop.Farewell),
        BgpEvent.Fail fail => Fail(state, fail.Reason, jitter),
        BgpEvent.Dialed => Dialed(state),
        BgpEvent.DialFailed => state.Phase == DialPhase.Dialing ? Wait(state, jitter) : new(state),
        BgpEvent.Accepted => Accepted(state),
        BgpEvent.TimerExpired { Timer.Kind: BgpTimerKind.ConnectRetry } => ConnectRetry(state, jitter),
        BgpEvent.TimerExpired { Timer.Kind: BgpTimerKind.IdleHold } => state.Phase == DialPhase.Held ? Begin(state, jitter) : new(state),
        BgpEvent.TimerExpired { Timer.Kind: BgpTimerKind.Stability } => new(state with { Failures = 0 }),
        BgpEvent.TimerExpired expired => OnLink(state, expired.Timer.Side, input, jitter),
        BgpEvent.Received received => OnLink(state, received.Side, input, jitter),
        BgpEvent.UpdateReceived received => OnLink(state, received.Side, input, jitter),
        BgpEvent.Malformed malformed => OnLink(state, malformed.Side, input, jitter),
        BgpEvent.Closed closed => OnLink(state, closed.Side, input, jitter),
        BgpEvent.Written written => OnLink(state, written.Side, input, jitter),
        _ => new(state),
    };

    // Idle -> Connect, or Active for one who only listens.
    private Transition Begin(BgpState state, Jitter jitter) =>
        settings.Passive
            ? new(state with { Phase = DialPhase.Waiting })
            : new(state with { Phase = DialPhase.Dialing }, [new BgpEffect.Dial(), StartConnectRetry(jitter)]);

    // RFC 4271 returns to Idle here unless it delays OPENs; Active lets the peer in meanwhile.
    private Transition Wait(BgpState state, Jitter jitter) =>
        new(state with { Phase = DialPhase.Waiting }, settings.Passive ? default : [StartConnectRetry(jitter)]);

    private Transition ConnectRetry(BgpState state, Jitter jitter)
    {
        if (state.Phase is DialPhase.Stopped or DialPhase.Held) return new(state);
        ValueList<BgpEffect> abandon = state.Phase == DialPhase.Dialing ? [new BgpEffect.AbandonDial()] : default;
        if (HasLink(state)) return new(state with { Phase = DialPhase.Waiting }, abandon);
        var (next, effects) = Begin(state, jitter);
        return new(next, [.. abandon, .. effects]);
    }

    private Transition Dialed(BgpState state) =>
        state.Phase == DialPhase.Dialing && state.Outgoing is null
            ? Open(state with { Phase = DialPhase.Waiting }, Side.Outgoing, [new BgpEffect.StopTimer(ConnectRetryTimer)])
            : new(state, [new BgpEffect.Close(Side.Outgoing)]);

    private Transition Accepted(BgpState state) => state switch
    {
        { Phase: DialPhase.Stopped or DialPhase.Held } => new(state, [new BgpEffect.Reject(Notification.Cease(CeaseSubcode.ConnectionRejected))]),
        { Outgoing: BgpLink.Established up } => AcceptedWhileUp(state, Side.Outgoing, up.Session),
        { Incoming: BgpLink.Established up } => AcceptedWhileUp(state, Side.Incoming, up.Session),
        { Incoming: not null } => Open(state, Side.Incoming,
            [.. EndEffects(Side.Incoming, state.Incoming, new(ConnectionEndCause.NotificationSent, Collision)), new BgpEffect.Adopt()]),
        { Phase: DialPhase.Waiting } => Open(state, Side.Incoming, [new BgpEffect.StopTimer(ConnectRetryTimer), new BgpEffect.Adopt()]),
        _ => Open(state, Side.Incoming, [new BgpEffect.Adopt()]),
    };

    // A peer that restarts gracefully has no use for the old connection (RFC 4724 §5); of any other, the established one wins.
    private Transition AcceptedWhileUp(BgpState state, Side side, SessionParameters session) =>
        session.PeerRestartsGracefully
            ? Open(state.With(side, null), Side.Incoming,
                [.. EndEffects(side, state[side]!, new(ConnectionEndCause.PeerRestarted)), new BgpEffect.StopTimer(StabilityTimer), new BgpEffect.Adopt()])
            : new(state, [new BgpEffect.Reject(Collision)]);

    private Transition Open(BgpState state, Side side, ValueList<BgpEffect> before)
    {
        var open = OpenNegotiation.Open(settings, withCapabilities: !state.PlainOpen);
        return new(state.With(side, new BgpLink.OpenSent(open)),
            [.. before, new BgpEffect.StartTimer(new(BgpTimerKind.Hold, side), OpenHoldTime), new BgpEffect.Send(side, open)]);
    }

    private Transition OnLink(BgpState state, Side side, BgpEvent input, Jitter jitter)
    {
        if (state[side] is not { } link) return new(state); // the last words of a connection that is gone
        return LinkFsm.Step(settings, side, link, input, jitter) switch
        {
            LinkOutcome.Goes { Link: BgpLink.Established up } goes when link is BgpLink.OpenConfirm => Established(state, side, up, goes.Effects),
            LinkOutcome.Goes goes => new(state.With(side, goes.Link), goes.Effects),
            LinkOutcome.Agreed agreed => Agreed(state, side, agreed.Session, jitter),
            LinkOutcome.Ends ends => Lost(state, side, ends.End, jitter),
            _ => throw new InvalidOperationException("LinkOutcome is a closed hierarchy."),
        };
    }

    // RFC 4271 §6.8: with both OPENs known, the connection that the higher identifier began survives.
    private static Transition Agreed(BgpState state, Side side, SessionParameters session, Jitter jitter)
    {
        var confirmed = LinkFsm.Confirm(side, session, jitter);
        var other = Other(side);
        if (state[other] is not BgpLink.OpenConfirm rival) return new(state.With(side, confirmed.Link), confirmed.Effects);
        var loser = KeptSide(session) == side ? other : side;
        var end = EndEffects(loser, state[loser]!, new(ConnectionEndCause.NotificationSent, Collision));
        return loser == side
            ? new(state.With(side, null), end)
            : new(state.With(other, null).With(side, confirmed.Link), [.. end, .. confirmed.Effects]);
    }

    private static Transition Established(BgpState state, Side side, BgpLink.Established link, ValueList<BgpEffect> effects)
    {
        var other = Other(side);
        ValueList<BgpEffect> end = state[other] is { } rival ? EndEffects(other, rival, new(ConnectionEndCause.NotificationSent, Collision)) : default;
        ValueList<BgpEffect> abandon = state.Phase == DialPhase.Dialing ? [new BgpEffect.AbandonDial(), new BgpEffect.StopTimer(ConnectRetryTimer)] : default;
        return new(state.With(side, link).With(other, null) with { Phase = DialPhase.Waiting }, [.. end, .. abandon, .. effects]);
    }

    private Transition Lost(BgpState state, Side side, ConnectionEnd end, Jitter jitter)
    {
        var link = state[side]!;
        var rest = state.With(side, null);
        var effects = EndEffects(side, link, end);
        if (HasLink(rest)) return new(rest, effects);
        if (link is BgpLink.OpenSent && end.Cause == ConnectionEndCause.ConnectionLost)
        {
            // RFC 4271 §8.2.2, OpenSent, event 18: Active. The other attempt, if there is one, goes on.
            var (waiting, wait) = rest.Phase == DialPhase.Dialing ? new(rest) : Wait(rest, jitter);
            return new(waiting, [.. effects, .. wait]);
        }

        var plain = rest.PlainOpen || (link is not BgpLink.Established && RefusesCapabilities(end));
        var (held, hold) = Hold(rest with { PlainOpen = plain }, jitter);
        return new(held, [.. effects, .. hold]);
    }

    // DampPeerOscillations: wait in Idle, longer with every failure.
    private Transition Hold(BgpState state, Jitter jitter)
    {
        const int MaxDoublings = 16; // beyond any sensible maximum, and still no overflow
        var wait = settings.IdleHoldTime * (1 << Math.Min(state.Failures, MaxDoublings));
        if (wait > settings.MaxIdleHoldTime) wait = settings.MaxIdleHoldTime;
        return new(state with { Phase = DialPhase.Held, Failures = state.Failures + 1 },
            [.. QuietEffects(state), new BgpEffect.StartTimer(IdleHoldTimer, jitter.Apply(wait))]);
    }

    private Transition Fail(BgpState state, Notification reason, Jitter jitter)
    {
        if (!HasLink(state)) return new(state);
        var (stopped, effects) = EndLinks(state, new(ConnectionEndCause.NotificationSent, reason));
        var (held, hold) = Hold(stopped, jitter);
        return new(held, [.. effects, .. hold]);
    }

    private static Transition Stop(BgpState state, Notification? farewell)
    {
        var final = farewell is not null && IsFinal(farewell) && state.Session is { GracefulNotification: true } ? farewell.AsHardReset() : farewell;
        var end = final is null ? new ConnectionEnd(ConnectionEndCause.ClosedForRestart) : new(ConnectionEndCause.NotificationSent, final);
        var (quiet, effects) = EndLinks(state, end);
        return new(quiet with { Phase = DialPhase.Stopped, Failures = 0, PlainOpen = false },
            [.. effects, .. QuietEffects(state),
                .. state.Phase == DialPhase.Held ? [new BgpEffect.StopTimer(IdleHoldTimer)] : ValueList.Create<BgpEffect>([])]);
    }

    private static Transition EndLinks(BgpState state, ConnectionEnd end)
    {
        var effects = ImmutableArray.CreateBuilder<BgpEffect>();
        foreach (var side in (ReadOnlySpan<Side>)[Side.Outgoing, Side.Incoming])
        {
            if (state[side] is { } link) effects.AddRange(EndEffects(side, link, end).AsSpan());
        }

        return new(state with { Outgoing = null, Incoming = null }, new(effects.DrainToImmutable()));
    }

    // What still runs without a connection.
    private static ValueList<BgpEffect> QuietEffects(BgpState state) => state.Phase switch
    {
        DialPhase.Dialing => [new BgpEffect.AbandonDial(), new BgpEffect.StopTimer(ConnectRetryTimer), new BgpEffect.StopTimer(StabilityTimer)],
        DialPhase.Waiting => [new BgpEffect.StopTimer(ConnectRetryTimer), new BgpEffect.StopTimer(StabilityTimer)],
        _ => default,
    };

    private static ValueList<BgpEffect> EndEffects(Side side, BgpLink link, ConnectionEnd end)
    {
        ValueList<BgpEffect> say = end is { Cause: ConnectionEndCause.NotificationSent, Notification: { } notification }
            ? [new BgpEffect.Send(side, notification)]
            : default;
        return [.. say, new BgpEffect.Close(side), new BgpEffect.ConnectionEnded(side, end, link is BgpLink.Established)];
    }

    // A peer that keeps routes over a NOTIFICATION must not keep them after these (RFC 8538 §3.1).
    private static bool IsFinal(Notification farewell) =>
        farewell.Code == NotificationCode.Cease && (CeaseSubcode)farewell.Subcode is CeaseSubcode.AdministrativeShutdown or CeaseSubcode.PeerDeconfigured;

    // An old speaker answers capabilities like this (RFC 5492 §3): next time without them.
    private static bool RefusesCapabilities(ConnectionEnd end) =>
        end is { Cause: ConnectionEndCause.NotificationReceived, Notification: { Code: NotificationCode.OpenMessageError } refusal }
        && refusal.Subcode == (byte)OpenMessageError.UnsupportedOptionalParameter;

    // Equal identifiers, which only different ASes may have, are told apart by the AS (RFC 6286 §2.3).
    private static Side KeptSide(SessionParameters session) =>
        (session.Local.RouterId.Value, session.Local.Asn).CompareTo((session.Remote.RouterId.Value, session.Remote.Asn)) > 0
            ? Side.Outgoing
            : Side.Incoming;

    private static bool HasLink(BgpState state) => state.Outgoing is not null || state.Incoming is not null;

    private static Side Other(Side side) => side == Side.Outgoing ? Side.Incoming : Side.Outgoing;

    private BgpEffect.StartTimer StartConnectRetry(Jitter jitter) => new(ConnectRetryTimer, jitter.Apply(settings.ConnectRetryTime));
}
