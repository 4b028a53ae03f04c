using System.Diagnostics;

namespace OrleansLb.Bench.Cluster;

/// <summary>
/// All Services created at once: when they are served, just after the silos' start, some seconds later, and again when these have done so before, and what
/// that asks of the API.
/// </summary>
internal static class MassRows
{
    /// <summary>MetalLB's own record of who announces what, which is kept only where the cluster has that kind.</summary>
    private const string OfMetalLb = "servicel2statuses";

    /// <summary>For what a start brings on to be over; a cluster that is given many Services has mostly stood for longer.</summary>
    private static readonly TimeSpan Standing = TimeSpan.FromSeconds(6);

    /// <summary>
    /// The same on silos that have started a while ago; the bed is one that has no Services yet. It is measured first: the API, a part of this program, then
    /// compiles here what it needs, and the rows that follow are of the silos, as beside an API server that stands.
    /// </summary>
    public static async Task MeasureStanding(ClusterBed bed, Findings findings)
    {
        await Task.Delay(Standing);
        await Fill(bed,
            new($"{ClusterBed.Services} services created at once, {Standing.TotalSeconds:0} s after the silos' start, all served, ms", 3000, 15_600), findings);
    }

    public static async Task Measure(ClusterBed bed, Findings findings)
    {
        var before = bed.Cluster.Api.Traffic.Writes;
        await Fill(bed, new($"{ClusterBed.Services} services created at once, all served, ms", 3000, 15_600), findings);
        var after = await bed.Settled();
        var writes = after.ToDictionary(entry => entry.Key, entry => (entry.Value - before.GetValueOrDefault(entry.Key)) / (double)ClusterBed.Services);
        writes.Remove(ClusterBed.Heartbeats);
        findings.Add(new("API writes for each service", 4),
            writes.Where(entry => !entry.Key.StartsWith(OfMetalLb, StringComparison.Ordinal)).Sum(entry => entry.Value));
        findings.Add(new("API writes for each service where MetalLB's kinds are installed"), writes.Values.Sum());
        foreach (var (resource, count) in writes.OrderBy(entry => entry.Key, StringComparer.Ordinal)) findings.Add(new($"   of them to {resource}"), count);
        await bed.Empty();
        await Fill(bed, new("all of them deleted and created again, all served, ms"), findings);
        await bed.Settled();
    }

    /// <summary>What stands beside the time: that of the processors, which silos that compile at first take more of.</summary>
    private static async Task Fill(ClusterBed bed, Goal goal, Findings findings)
    {
        var (silos, own) = (bed.SilosTime, Environment.CpuUsage.TotalTime);
        var elapsed = await bed.Fill();
        findings.Add(goal, Stopwatch.GetElapsedTime(0, elapsed).TotalMilliseconds);
        findings.Add(new("   processor time of the silos meanwhile, s"), (bed.SilosTime - silos).TotalSeconds);
        findings.Add(new("   processor time of the API and of this program meanwhile, s"), (Environment.CpuUsage.TotalTime - own).TotalSeconds);
    }
}
