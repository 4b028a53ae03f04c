using System.Globalization;

namespace OrleansLb.Silo.Status;

/// <summary>The status and explanations in words, for a terminal.</summary>
internal static class StatusText
{
    private const string Nothing = "-";

    public static void Write(TextWriter output, StatusView status)
    {
        output.WriteLine($"orleanslb {status.Version} ({status.Build} build), {(status.Ready ? "ready" : "still reading the cluster")}");
        Section(output, "SERVICES", ["SERVICE", "ADDRESSES", "POOL", "ANNOUNCER", "WHY"], status.Services.Select(Row));
        Section(output, "ADDRESSES", ["ADDRESS", "HOLDER", "SINCE", "EPOCH", "ANSWERED", "CONFLICTS", "WHY"], (status.Addresses ?? []).Select(Row));
        Section(output, "POOLS", ["POOL", "RANGES", "FAMILY", "HELD", "FREE", "STATE"], status.Pools.SelectMany(Rows));
        Section(output, "NODES", ["NODE", "STATE", "ADDRESSES", "INTERFACES"], status.Nodes.Select(Row));
        Section(output, "BGP SESSIONS", ["NODE", "PEER", "ADDRESS", "AS", "STATE", "ROUTES", "WHY"],
            (status.Bgp ?? []).SelectMany(node => node.Sessions.Select(session => Row(node, session))));
        Section(output, "PROBLEMS", ["OBJECT", "FIELD", "SEVERITY", "MESSAGE"], status.Problems.Select(problem =>
            (IReadOnlyList<string>)[problem.Object, Or(problem.Field), problem.Severity, problem.Message]));
    }

    public static void Write(TextWriter output, ExplanationView explanation)
    {
        var service = explanation.Service;
        output.WriteLine($"Service {service.Service}");
        output.WriteLine($"  addresses: {List(service.Addresses)} from {List(service.Pools)}");
        output.WriteLine($"    {service.AddressReason}: {service.AddressMessage}");
        output.WriteLine($"  announcer: {Or(service.Announcer)}{(service.Announced ? "" : " (not announced yet)")}");
        output.WriteLine($"    {service.AnnouncerReason}: {service.AnnouncerMessage}");
        output.WriteLine($"  candidates, best first: {List(explanation.Candidates)}");
        Lines(output, "pools and addresses that were considered and not taken", explanation.RejectedPools.Select(Line));
        Lines(output, "nodes that may announce, and do not", explanation.OtherNodes.Select(Line));
        Lines(output, "nodes that may not announce", explanation.RejectedNodes.Select(Line));
        Lines(output, "decisions, oldest first", explanation.History.Select(decision =>
            string.Create(CultureInfo.InvariantCulture, $"{decision.At:yyyy-MM-dd HH:mm:ss.fff}  {decision.Reason}: {decision.Message}")));
    }

    private static void Section(TextWriter output, string title, IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        var lines = rows.ToList();
        if (lines.Count == 0) return;
        output.WriteLine();
        output.WriteLine(title);
        TextTable.Write(output, headings, lines);
    }

    private static void Lines(TextWriter output, string title, IEnumerable<string> lines)
    {
        var all = lines.ToList();
        if (all.Count == 0) return;
        output.WriteLine($"  {title}:");
        foreach (var line in all) output.WriteLine($"    {line}");
    }

    private static string Line(RejectedView rejected) => $"{rejected.What}: {rejected.Reason}: {rejected.Message}";

    private static IReadOnlyList<string> Row(ServiceView service) =>
    [
        service.Service,
        List(service.Addresses),
        List(service.Pools),
        Or(service.Announcer),
        service.Addresses.Count == 0 ? $"{service.AddressReason}: {service.AddressMessage}" : $"{service.AnnouncerReason}: {service.AnnouncerMessage}",
    ];

    private static IReadOnlyList<string> Row(AddressView address) =>
    [
        address.Address,
        Or(address.Holder),
        address.Since?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? Nothing,
        address.Epoch.ToString(CultureInfo.InvariantCulture),
        address.Answered.ToString(CultureInfo.InvariantCulture),
        address.Conflicts.ToString(CultureInfo.InvariantCulture),
        $"{(address.Standing is null or "Announced" ? "" : $"{address.Standing}; ")}{address.Reason}: {address.Message}",
    ];

    private static IEnumerable<IReadOnlyList<string>> Rows(PoolView pool) => pool.Counts.Select(count => (IReadOnlyList<string>)
    [
        pool.Pool,
        List(pool.Ranges),
        count.Family,
        count.Held.ToString(CultureInfo.InvariantCulture),
        $"{count.Free} of {count.Total}",
        !pool.Configured ? "no longer declared" : pool.Disabled ? "disabled" : "open",
    ]);

    private static IReadOnlyList<string> Row(NodeStatusView node) =>
    [
        node.Node,
        !node.Alive ? "dead" : node.Draining ? "draining" : node.Ready == false ? "not ready" : "alive",
        node.Addresses.ToString(CultureInfo.InvariantCulture),
        List(node.Interfaces.Where(link => link.Usable).Select(link => $"{link.Name} ({List(link.Prefixes)})")),
    ];

    private static IReadOnlyList<string> Row(BgpNodeView node, SessionView session) =>
    [
        node.Node,
        session.Peer,
        Or(session.Address),
        session.RemoteAsn?.ToString(CultureInfo.InvariantCulture) ?? Nothing,
        session.State,
        session.RoutesAdvertised.ToString(CultureInfo.InvariantCulture),
        Or(session.Message),
    ];

    private static string List(IEnumerable<string> items) => string.Join(", ", items) is { Length: > 0 } list ? list : Nothing;

    private static string Or(string? text) => string.IsNullOrEmpty(text) ? Nothing : text;
}
