namespace OrleansLb.Silo.Lab.Story;

/// <summary>What the story with a router found.</summary>
/// <param name="Router">The daemon and its version.</param>
/// <param name="Forwards">Whether it installs what it learns, so that traffic went through it.</param>
/// <param name="Routes">What the router learned, as its own program shows it: once over external sessions, once over internal ones.</param>
internal sealed record BgpReport(
    string Router, bool Forwards, IReadOnlyList<BgpSessionReport> Sessions, IReadOnlyList<BgpRouteReport> Routes, BgpNodeDeath? NodeDeath,
    BgpRestart? GracefulRestart);

/// <summary>A session, and how long it took from the configuration that asked for it until the speaker told its state.</summary>
/// <param name="Kind"><c>external</c> or <c>internal</c>.</param>
internal sealed record BgpSessionReport(string Node, string Kind, double EstablishedMs);

/// <summary>A prefix at the router.</summary>
/// <param name="Nodes">The nodes that it leads to.</param>
internal sealed record BgpRouteReport(string Prefix, string Session, IReadOnlyList<string> Nodes, IReadOnlyList<uint> AsPath, uint? LocalPref,
    IReadOnlyList<string> Communities);

/// <summary>A node died: how long the router kept its routes, and what became of requests meanwhile.</summary>
internal sealed record BgpNodeDeath(string Killed, double RouteGoneMs, RequestCount? Requests);

/// <summary>A speaker restarted gracefully: how long its session was away, and what became of requests meanwhile.</summary>
internal sealed record BgpRestart(string Restarted, double AwayMs, bool RoutesKept, RequestCount? Requests);

/// <summary>Requests that the client made one after the other, each over a connection of its own.</summary>
/// <param name="ByNode">Which node answered how many.</param>
/// <param name="Broken">Those whose connection broke, which were made a second time.</param>
internal sealed record RequestCount(int Made, int Lost, string? FirstLoss, IReadOnlyDictionary<string, int> ByNode, int Broken)
{
    /// <summary>The requests of several clients together.</summary>
    public static RequestCount Sum(IReadOnlyList<RequestCount> counts) => new(
        counts.Sum(count => count.Made), counts.Sum(count => count.Lost), counts.Select(count => count.FirstLoss).FirstOrDefault(loss => loss is not null),
        counts.SelectMany(count => count.ByNode).GroupBy(entry => entry.Key).ToDictionary(entries => entries.Key, entries => entries.Sum(entry => entry.Value)),
        counts.Sum(count => count.Broken));

    public override string ToString() =>
        $"{Made} requests, {(Lost == 0 ? "none lost" : $"{Lost} lost ({FirstLoss})")}"
            + (Broken == 0 ? "" : $", {Broken} made twice because the connection broke")
            + $": {string.Join(", ", ByNode.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => $"{entry.Value} from {entry.Key}"))}";
}
