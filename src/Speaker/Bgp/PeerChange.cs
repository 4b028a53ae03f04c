using System.Net;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>What a changed configuration means for a running session.</summary>
internal enum PeerChangeEffect
{
    /// <summary>The session goes on.</summary>
    Keep,

    /// <summary>It has to begin anew.</summary>
    Restart,
}

/// <summary>
/// Decides whether a session survives a change of its configuration, whether it is up or about to be: it does if both OPENs would lead to the same session
/// again. So a changed password, for one, ends no connection on which OPENs flow.
/// </summary>
internal static class PeerChange
{
    /// <param name="local">Our end of the connection.</param>
    public static PeerChangeEffect Judge(BgpPeerOptions before, BgpPeerOptions after, BgpState state, IPAddress? local)
    {
        if (OnlySide(state) is not { } side || !after.ConnectsLike(before, local, dialled: side == Side.Outgoing)) return PeerChangeEffect.Restart;
        var (said, says) = (Open(before.Settings, state), Open(after.Settings, state));
        return SaysTheSame(said, says, state[side]!.Agreed) && Agrees(after.Settings, says, state[side]!.Agreed)
            ? PeerChangeEffect.Keep
            : PeerChangeEffect.Restart;
    }

    /// <summary>The session under the changed settings: only how often we send keepalives can differ.</summary>
    public static BgpState Refit(BgpState state, SpeakerSettings settings)
    {
        if (OnlySide(state) is not { } side || state[side] is not { Agreed: { } session } link) return state;
        var (again, _) = OpenNegotiation.Negotiate(settings, session.Local, session.Remote);
        return again is null ? state : state.With(side, link.Under(session with { KeepaliveTime = again.KeepaliveTime }));
    }

    // Of two connections, or one beside a dial under the old configuration, it is not known yet which will have the session.
    private static Side? OnlySide(BgpState state) => (state.Phase, state.Outgoing, state.Incoming) switch
    {
        (DialPhase.Dialing, _, _) => null,
        (_, not null, null) => Side.Outgoing,
        (_, null, not null) => Side.Incoming,
        _ => null,
    };

    private static OpenMessage Open(SpeakerSettings settings, BgpState state) => OpenNegotiation.Open(settings, withCapabilities: !state.PlainOpen);

    // Once the peer's OPEN is here, the hold time of ours matters only for what is agreed on.
    private static bool SaysTheSame(OpenMessage before, OpenMessage after, SessionParameters? agreed) =>
        agreed is null ? before == after : before with { HoldSeconds = 0 } == after with { HoldSeconds = 0 };

    private static bool Agrees(SpeakerSettings settings, OpenMessage open, SessionParameters? agreed) =>
        agreed is null || (OpenNegotiation.Negotiate(settings, open, agreed.Remote).Session is { } again && again.HoldTime == agreed.HoldTime);
}
