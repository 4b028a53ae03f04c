namespace OrleansLb.Bench.Allocation;

/// <summary>Allocation: the decision alone over a pool that fills up, then whole services against the embedded API, in memory and on disk.</summary>
internal static class AllocateBench
{
    private const double DecisionsTarget = 100_000;
    private const double ServicesTarget = 1000;

    public static async Task<BenchResult> Run()
    {
        var decisions = DecisionRun.Measure();
        List<BenchRow> rows = [.. decisions];
        var memory = await ServiceRun.Measure(data: null);
        using var folder = new Folder();
        var disk = await ServiceRun.Measure(folder.Path);
        rows.AddRange([memory, disk]);
        var (first, last) = (decisions[0].Figures["perSecond"], decisions[^2].Figures["perSecond"]);
        return new("allocate", rows, new Dictionary<string, double>
        {
            ["lastDecisionsVsFirst"] = first / last,
            ["decisionsVsTarget100000"] = decisions.Min(row => row.Figures["perSecond"]) / DecisionsTarget,
            ["servicesVsTarget1000"] = Math.Min(memory.Figures["perSecond"], disk.Figures["perSecond"]) / ServicesTarget,
        });
    }

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("orleanslb-bench-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
