using OrleansLb.Silo.Lab.Processes;

namespace OrleansLb.Bench.Cluster;

/// <summary>What a cluster of processes takes and gives: start, memory, many Services at once, every way to lose a node, and what it asks of the API.</summary>
internal static class ClusterBench
{
    private const int UsualRuns = 20;

    public static async Task<BenchResult> Run(BenchOptions options)
    {
        ProcessLab.RequireClusters("bench cluster");
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) throw new BenchException("bench cluster needs network namespaces, so root on Linux.");
        var findings = new Findings();
        await SiloRows.MeasureStart(findings);
        await SiloRows.MeasureMemory(findings);
        await using (var bed = await ClusterBed.Make())
        {
            await MassRows.Measure(bed, findings);
            await new FaultRows(bed, options.Runs ?? UsualRuns, findings).Measure();
        }
        await WatchRows.Measure(findings);
        return findings.Result;
    }
}
