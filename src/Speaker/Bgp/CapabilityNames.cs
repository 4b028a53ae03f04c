using OrleansLb.Core;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>What both sides of a session agreed on, in words.</summary>
internal static class CapabilityNames
{
    public static EquatableList<string> Of(SessionParameters? session) => session is null ? [] : Names(session).ToEquatableList();

    private static IEnumerable<string> Names(SessionParameters session)
    {
        foreach (var family in session.Families) yield return family.ToString();
        if (session.Send.FourOctetAs) yield return "four-octet-as";
        if (session.RouteRefresh) yield return "route-refresh";
        if (session.EnhancedRouteRefresh) yield return "enhanced-route-refresh";
        if (session.Send.ExtendedMessages) yield return "extended-message";
        if (session.Send.ExtendedNextHop) yield return "extended-next-hop";
        if (session.Local.Has<Capability.GracefulRestart>() && session.Remote.Has<Capability.GracefulRestart>()) yield return "graceful-restart";
        if (session.GracefulNotification) yield return "graceful-restart-notification";
        if (session.Local.Has<Capability.Role>() && session.Remote.Has<Capability.Role>()) yield return "role";
        foreach (var family in session.Send.AddPath) yield return $"add-path-send-{family}";
    }
}
