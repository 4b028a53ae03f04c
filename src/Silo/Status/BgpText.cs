using System.Globalization;

namespace OrleansLb.Silo.Status;

/// <summary>BGP sessions and routes in words, for a terminal.</summary>
internal static class BgpText
{
    /// <summary>So many routes of a session are shown unless all are asked for.</summary>
    private const int FewRoutes = 20;

    private static readonly string[] Headings = ["NODE", "PEER", "ADDRESS", "AS", "STATE", "SINCE", "HOLD", "KEEPALIVE", "ROUTES", "FLAPS"];

    public static void Write(TextWriter output, BgpView bgp, bool allRoutes)
    {
        var sessions = bgp.Nodes.SelectMany(node => node.Sessions.Select(session => (Node: node, Session: session))).ToList();
        if (sessions.Count == 0) output.WriteLine("no node has a BGP peer; create a BGPPeer, or see whether its nodeSelectors match a node.");
        else TextTable.Write(output, Headings, sessions.Select(each => Row(each.Node, each.Session)));
        foreach (var (node, session) in sessions) Write(output, node, session, allRoutes ? int.MaxValue : FewRoutes);
        foreach (var node in bgp.Nodes.Where(node => node.Unrouted.Count > 0)) WriteUnrouted(output, node);
    }

    private static IReadOnlyList<string> Row(BgpNodeView node, SessionView session) =>
    [
        node.Node,
        session.Peer,
        session.Address ?? "-",
        session.RemoteAsn?.ToString(CultureInfo.InvariantCulture) ?? "-",
        session.State,
        session.Since.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        Seconds(session.HoldTime),
        Seconds(session.KeepaliveTime),
        session.RoutesAdvertised.ToString(CultureInfo.InvariantCulture),
        session.Flaps.ToString(CultureInfo.InvariantCulture),
    ];

    private static void Write(TextWriter output, BgpNodeView node, SessionView session, int most)
    {
        output.WriteLine();
        output.WriteLine($"{node.Node} to {session.Peer}: {session.State}{(session.Message is { } message ? $": {message}" : "")}");
        Line(output, "capabilities", string.Join(", ", session.Capabilities));
        Line(output, "last error", session.LastError);
        Line(output, "last NOTIFICATION sent", session.NotificationSent);
        Line(output, "last NOTIFICATION received", session.NotificationReceived);
        Line(output, "last fault in an UPDATE", session.UpdateFault);
        Line(output, "messages sent", Messages(session.Sent));
        Line(output, "messages received", $"{Messages(session.Received)}; {session.RoutesReceived} routes, dropped");
        Routes(output, "advertised", session.Advertised, most, route => $"{route.Prefix} {Attributes(route)}");
        Routes(output, "not advertised", session.NotAdvertised, most, route => $"{route.Prefix} {route.Reason}: {route.Message}");
    }

    private static void WriteUnrouted(TextWriter output, BgpNodeView node)
    {
        output.WriteLine();
        output.WriteLine($"{node.Node} has no route to:");
        foreach (var service in node.Unrouted) output.WriteLine($"  {service.Service} {service.Reason}: {service.Message}");
    }

    private static void Line(TextWriter output, string what, string? text)
    {
        if (!string.IsNullOrEmpty(text)) output.WriteLine($"  {what}: {text}");
    }

    private static void Routes<T>(TextWriter output, string what, IReadOnlyList<T>? routes, int most, Func<T, string> line)
    {
        if (routes is null || routes.Count == 0) return;
        output.WriteLine($"  {what}:");
        foreach (var route in routes.Take(most)) output.WriteLine($"    {line(route)}");
        if (routes.Count > most) output.WriteLine($"    and {routes.Count - most} more; --all shows them.");
    }

    private static string Attributes(ToldView route)
    {
        List<string> said = [$"via {route.NextHop}"];
        if (route.AsPath.Length > 0) said.Add($"as-path {route.AsPath}");
        if (route.LocalPref is { } preference) said.Add(string.Create(CultureInfo.InvariantCulture, $"local-pref {preference}"));
        if (route.Med is { } med) said.Add(string.Create(CultureInfo.InvariantCulture, $"med {med}"));
        if (route.Communities.Count > 0) said.Add($"communities {string.Join(' ', route.Communities)}");
        return string.Join(", ", said);
    }

    private static string Messages(MessagesView messages) =>
        $"{messages.Open} OPEN, {messages.Update} UPDATE, {messages.Keepalive} KEEPALIVE, {messages.Notification} NOTIFICATION, "
            + $"{messages.RouteRefresh} ROUTE-REFRESH";

    private static string Seconds(double? time) => time is { } seconds ? string.Create(CultureInfo.InvariantCulture, $"{seconds:0.###}s") : "-";
}
