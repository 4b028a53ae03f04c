using System.Diagnostics;

namespace OrleansLb.Bench.Cluster;

/// <summary>All Services created at once: when they are served, and what that asks of the API.</summary>
internal static class MassRows
{
    /// <summary>Silos say that they live whether there is something to do or not.</summary>
    private const string Heartbeats = "leases";

    /// <summary>MetalLB's own record of who announces what, which is kept only where the cluster has that kind.</summary>
    private const string OfMetalLb = "servicel2statuses";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    public static async Task Measure(ClusterBed bed, Findings findings)
    {
        var before = bed.Cluster.Api.Traffic.Writes;
        var elapsed = await bed.Fill();
        findings.Add(new($"{ClusterBed.Services} services created at once, all served, ms", 3000, 15_600), Stopwatch.GetElapsedTime(0, elapsed).TotalMilliseconds);
        var after = await Settled(bed);
        var writes = after.ToDictionary(entry => entry.Key, entry => (entry.Value - before.GetValueOrDefault(entry.Key)) / (double)ClusterBed.Services);
        writes.Remove(Heartbeats);
        findings.Add(new("API writes for each service", 4), writes.Where(entry => !entry.Key.StartsWith(OfMetalLb, StringComparison.Ordinal)).Sum(entry => entry.Value));
        findings.Add(new("API writes for each service where MetalLB's kinds are installed"), writes.Values.Sum());
        foreach (var (resource, count) in writes.OrderBy(entry => entry.Key, StringComparer.Ordinal)) findings.Add(new($"   of them to {resource}"), count);
    }

    /// <summary>The writes until there are no more.</summary>
    private static async Task<IReadOnlyDictionary<string, long>> Settled(ClusterBed bed)
    {
        var (writes, total, since) = (bed.Cluster.Api.Traffic.Writes, -1L, Stopwatch.GetTimestamp());
        await Wait.Until("the services write no more", () =>
        {
            writes = bed.Cluster.Api.Traffic.Writes;
            var now = writes.Where(entry => entry.Key != Heartbeats).Sum(entry => entry.Value);
            if (now != total) (total, since) = (now, Stopwatch.GetTimestamp());
            return Stopwatch.GetElapsedTime(since) >= Quiet;
        }, Patience);
        return writes;
    }
}
