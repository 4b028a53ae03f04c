namespace OrleansLb.Bench.Allocation;

/// <summary>Allocation: the decision alone over a pool that fills up, then whole services against the embedded API, in memory and on disk.</summary>
internal static class AllocateBench
{
    private const double DecisionsTarget = 100_000;
    private const double ServicesTarget = 1000;

    public static async Task<BenchResult> Run()
    {
        var decisions = DecisionRun.Measure();
        using var bareFolder = new Folder();
        using var folder = new Folder();
        var (bareInMemory, inMemory) = (await BareRun.Measure(data: null), await ServiceRun.Measure(data: null));
        var (bareOnDisk, onDisk) = (await BareRun.Measure(bareFolder.Path), await ServiceRun.Measure(folder.Path));
        return new("allocate", [.. decisions, bareInMemory, inMemory, bareOnDisk, onDisk], new Dictionary<string, double>
        {
            ["lastDecisionsVsFirst"] = PerSecond(decisions[0]) / PerSecond(decisions[DecisionRun.Steps - 1]),
            ["decisionsVsTarget100000"] = decisions.Min(PerSecond) / DecisionsTarget,
            ["servicesVsTarget1000"] = Math.Min(PerSecond(inMemory), PerSecond(onDisk)) / ServicesTarget,
            ["servicesVsBareWritesInMemory"] = PerSecond(inMemory) / PerSecond(bareInMemory),
            ["servicesVsBareWritesOnDisk"] = PerSecond(onDisk) / PerSecond(bareOnDisk),
        });
    }

    private static double PerSecond(BenchRow row) => row.Figures["perSecond"];

    private sealed class Folder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("orleanslb-bench-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
