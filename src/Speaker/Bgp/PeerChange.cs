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

/// <summary>Decides whether a session survives a change of its configuration: it does if both OPENs would lead to the same session again.</summary>
internal static class PeerChange
{
    /// <param name="local">Our end of the connection that is up.</param>
    public static PeerChangeEffect Judge(BgpPeerOptions before, BgpPeerOptions after, BgpState state, IPAddress? local)
    {
        if (state.Session is not { } session || !after.ConnectsLike(before, local, dialled: state.Outgoing is BgpLink.Established))
            return PeerChangeEffect.Restart;
        var open = OpenNegotiation.Open(Comparable(after.Settings), withCapabilities: !state.PlainOpen);
        if (open != OpenNegotiation.Open(Comparable(before.Settings), withCapabilities: !state.PlainOpen)) return PeerChangeEffect.Restart;
        var (again, _) = OpenNegotiation.Negotiate(after.Settings, OpenNegotiation.Open(after.Settings, withCapabilities: !state.PlainOpen), session.Remote);
        return again is not null && again.HoldTime == session.HoldTime ? PeerChangeEffect.Keep : PeerChangeEffect.Restart;
    }

    /// <summary>The running session under the changed settings: only how often we send keepalives can differ.</summary>
    public static BgpState Refit(BgpState state, SpeakerSettings settings)
    {
        var side = state.Outgoing is BgpLink.Established ? Side.Outgoing : Side.Incoming;
        if (state[side] is not BgpLink.Established { Session: var session }) return state;
        var (again, _) = OpenNegotiation.Negotiate(settings, session.Local, session.Remote);
        return again is null ? state : state.With(side, new BgpLink.Established(session with { KeepaliveTime = again.KeepaliveTime }));
    }

    // The hold time of an OPEN matters only for what is agreed on.
    private static SpeakerSettings Comparable(SpeakerSettings settings) => settings with { HoldTime = null };
}
