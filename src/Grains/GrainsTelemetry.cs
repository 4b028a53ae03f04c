using System.Diagnostics;
using System.Diagnostics.Metrics;
using OrleansLb.Core;

namespace OrleansLb.Grains;

/// <summary>The spans and instruments of the grains.</summary>
public static class GrainsTelemetry
{
    /// <summary>The name of both the activity source and the meter.</summary>
    public const string Name = "OrleansLb.Grains";

    private static readonly Meter Meter = new(Name);
    private static readonly Counter<long> AllocationsCounter =
        Meter.CreateCounter<long>("orleanslb.pool.allocations", "{allocation}", "Addresses given or kept, by pool and reason.");
    private static readonly Counter<long> RefusalsCounter =
        Meter.CreateCounter<long>("orleanslb.pool.refusals", "{refusal}", "Requests that a pool refused, by pool and reason.");
    private static readonly Counter<long> ConflictsCounter =
        Meter.CreateCounter<long>("orleanslb.claim.conflicts", "{conflict}", "Claims that somebody else wrote first.");
    private static readonly Counter<long> QuarantinesCounter = Meter.CreateCounter<long>("orleanslb.pool.quarantines", "{address}",
        "Addresses put in quarantine because a stranger uses them, by pool and whether they were in use.");
    private static readonly Counter<long> ElectionsCounter =
        Meter.CreateCounter<long>("orleanslb.election.outcomes", "{election}", "Elections that changed something, by reason.");
    private static readonly Counter<long> DeathsCounter =
        Meter.CreateCounter<long>("orleanslb.node.deaths", "{death}", "Nodes whose speaker fell silent or was lost.");
    private static readonly Histogram<double> ConvergenceHistogram =
        Meter.CreateHistogram<double>("orleanslb.service.convergence.duration", "s", "From a service's change to its first announcement.");
    private static readonly Histogram<double> TakeoverHistogram =
        Meter.CreateHistogram<double>("orleanslb.node.takeover.duration", "s", "From a node's death to the new announcer's first frame.");

    /// <summary>Spans of the grains.</summary>
    public static ActivitySource Activities { get; } = new(Name);

    internal static void Allocated(PoolName pool, Reason reason) => AllocationsCounter.Add(1, Pool(pool), Why(reason));

    internal static void Refused(PoolName pool, Reason reason) => RefusalsCounter.Add(1, Pool(pool), Why(reason));

    internal static void ClaimConflicted(PoolName pool) => ConflictsCounter.Add(1, Pool(pool));

    internal static void Quarantined(PoolName pool, bool inUse) => QuarantinesCounter.Add(1, Pool(pool), new("orleanslb.in_use", inUse));

    internal static void Elected(Reason reason) => ElectionsCounter.Add(1, Why(reason));

    internal static void NodeDied(NodeName node) => DeathsCounter.Add(1, new KeyValuePair<string, object?>("k8s.node.name", node.Value));

    internal static void Converged(TimeSpan duration) => ConvergenceHistogram.Record(duration.TotalSeconds);

    internal static void TakenOver(TimeSpan duration) => TakeoverHistogram.Record(duration.TotalSeconds);

    private static KeyValuePair<string, object?> Pool(PoolName pool) => new("orleanslb.pool", pool.Value);

    private static KeyValuePair<string, object?> Why(Reason reason) => new("orleanslb.reason", reason.ToString());
}
