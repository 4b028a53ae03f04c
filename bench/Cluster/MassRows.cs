using System.Diagnostics;

namespace OrleansLb.Bench.Cluster;

/// <summary>All Services created at once: when they are served, and what that asks of the API.</summary>
internal static class MassRows
{
    /// <summary>MetalLB's own record of who announces what, which is kept only where the cluster has that kind.</summary>
    private const string OfMetalLb = "servicel2statuses";

    public static async Task Measure(ClusterBed bed, Findings findings)
    {
        var before = bed.Cluster.Api.Traffic.Writes;
        var elapsed = await bed.Fill();
        findings.Add(new($"{ClusterBed.Services} services created at once, all served, ms", 3000, 15_600),
            Stopwatch.GetElapsedTime(0, elapsed).TotalMilliseconds);
        var after = await bed.Settled();
        var writes = after.ToDictionary(entry => entry.Key, entry => (entry.Value - before.GetValueOrDefault(entry.Key)) / (double)ClusterBed.Services);
        writes.Remove(ClusterBed.Heartbeats);
        findings.Add(new("API writes for each service", 4),
            writes.Where(entry => !entry.Key.StartsWith(OfMetalLb, StringComparison.Ordinal)).Sum(entry => entry.Value));
        findings.Add(new("API writes for each service where MetalLB's kinds are installed"), writes.Values.Sum());
        foreach (var (resource, count) in writes.OrderBy(entry => entry.Key, StringComparer.Ordinal)) findings.Add(new($"   of them to {resource}"), count);
    }
}
