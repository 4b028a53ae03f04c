using OrleansLb.Silo.Lab.Processes;

namespace OrleansLb.Bench.Cluster;

/// <summary>What a cluster of processes takes and gives: start, memory, many Services at once, every way to lose a node, and what it asks of the API.</summary>
internal static class ClusterBench
{
    private const int UsualRuns = 20;

    /// <summary>The parts that run on one bed of nodes with Services.</summary>
    private static readonly string[] OnBed = ["mass", "killed", "cable", "stop"];

    /// <summary>In the order in which they are run.</summary>
    public static IReadOnlyList<string> Parts { get; } = ["start", "memory", .. OnBed, "watches"];

    public static async Task<BenchResult> Run(BenchOptions options)
    {
        if (options.Kubeconfig is not null) return await MeasureGiven(options);
        ProcessLab.RequireClusters("bench cluster");
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            throw new BenchException("bench cluster needs network namespaces, so root on Linux.");
        var parts = Chosen(options);
        var findings = new Findings();
        if (parts.Contains("start")) await SiloRows.MeasureStart(findings);
        if (parts.Contains("memory")) await SiloRows.MeasureMemory(findings);
        if (parts.Contains("mass")) await MeasureStanding(options, findings);
        if (parts.Overlaps(OnBed)) await MeasureOnBed(parts, options, findings);
        if (parts.Contains("watches")) await WatchRows.Measure(findings);
        return findings.Result;
    }

    private static async Task<BenchResult> MeasureGiven(BenchOptions options)
    {
        var findings = new Findings();
        await GivenRows.Measure(options, options.Only.Count == 0 ? GivenRows.Parts.ToHashSet() : Chosen(options), findings);
        return findings.Result;
    }

    private static async Task MeasureStanding(BenchOptions options, Findings findings)
    {
        await using var bed = await ClusterBed.Make(options.Logs);
        await MassRows.MeasureStanding(bed, findings);
    }

    private static async Task MeasureOnBed(HashSet<string> parts, BenchOptions options, Findings findings)
    {
        await using var diary =
            options.Logs is { } logs ? new StreamWriter(Path.Combine(Directory.CreateDirectory(logs).FullName, "runs.log")) { AutoFlush = true } : null;
        await using var bed = await ClusterBed.Make(options.Logs);
        if (parts.Contains("mass")) await MassRows.Measure(bed, findings);
        else await bed.Fill();
        var faults = new FaultRows(bed, options.Runs ?? UsualRuns, findings, diary);
        if (parts.Contains("killed")) await faults.Killed();
        if (parts.Contains("cable")) await faults.Unplugged();
        if (parts.Contains("stop")) await faults.Stopped();
    }

    private static HashSet<string> Chosen(BenchOptions options)
    {
        var unknown = options.Only.Except(Parts).ToList();
        if (unknown.Count > 0) throw new BenchException($"bench cluster has no part {string.Join(", ", unknown)}; it has {string.Join(", ", Parts)}.");
        return [.. options.Only.Count == 0 ? Parts : options.Only];
    }
}
