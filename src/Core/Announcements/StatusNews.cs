using OrleansLb.Core.Ports;

namespace OrleansLb.Core.Announcements;

/// <summary>What of a change is worth a write: the API is there for the whole cluster.</summary>
public static class StatusNews
{
    /// <summary>An operator wants to know at once: anything but numbers that change with every service.</summary>
    public static bool IsUrgent(StatusObject? shown, StatusObject wanted) => shown is null || WithoutRoutes(shown) != WithoutRoutes(wanted);

    /// <summary>Something differs that is shown at all; it can wait until more has changed.</summary>
    public static bool Differs(StatusObject? shown, StatusObject wanted) => shown is null || WithoutCounters(shown) != WithoutCounters(wanted);

    private static StatusObject WithoutRoutes(StatusObject status) => With(WithoutCounters(status), peer => peer with { Advertised = 0, HeldBack = [] });

    // Of the states only whether there is a session is shown: while there is none they change with every try.
    private static StatusObject WithoutCounters(StatusObject status) =>
        With(status, peer => peer with { State = default, Since = default, Sent = default, Read = default, Received = 0 });

    private static StatusObject With(StatusObject status, Func<PeerStatus, PeerStatus> change) => status switch
    {
        StatusObject.BgpSession { Status: { } peer } session => session with { Status = change(peer) },
        StatusObject.OpenElbPeer session => session with { Status = change(session.Status) },
        _ => status,
    };
}
