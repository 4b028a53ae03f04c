using System.Diagnostics;

namespace OrleansLb.Bench;

/// <summary>
/// A node's process with ten thousand Services is killed and started again, cold, on the same data: until it answers for all of their addresses again, and until
/// each of them has been decided anew besides (<c>/readyz</c>).
/// </summary>
internal static class RestartBench
{
    private const int Services = 10_000;
    private const int Writers = 32;
    private const int Starts = 3;
    private const double TargetSeconds = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    public static async Task<BenchResult> Run()
    {
        var folder = Directory.CreateTempSubdirectory("orleanslb-bench-");
        try
        {
            return await Run(folder.FullName);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static async Task<BenchResult> Run(string folder)
    {
        using (var first = RunningNode.Start(folder, Manifests(folder)))
        {
            await first.UntilServing(0, Patience, Pace);
            await Parallel.ForEachAsync(Enumerable.Range(0, Services), new ParallelOptions { MaxDegreeOfParallelism = Writers },
                async (number, _) => await first.CreateService(number));
            await first.UntilServing(Services, Patience, TimeSpan.FromSeconds(1));
        }
        List<BenchRow> rows = [];
        for (var start = 1; start <= Starts; start++)
        {
            var started = Stopwatch.GetTimestamp();
            using var again = RunningNode.Start(folder, null);
            await again.UntilAnswering(Services, Patience, Pace);
            var answering = Stopwatch.GetElapsedTime(started);
            await again.UntilServing(Services, Patience, Pace);
            rows.Add(new($"start {start}, {Services} services", new Dictionary<string, double>
            {
                ["seconds"] = Math.Round(answering.TotalSeconds, 2),
                ["readySeconds"] = Math.Round(Stopwatch.GetElapsedTime(started).TotalSeconds, 2),
                ["workingSetMiB"] = Math.Round(again.WorkingSetMiB, 1),
            }));
        }
        var median = rows.Select(row => row.Figures["seconds"]).Order().ElementAt(Starts / 2);
        return new("restart", rows, new Dictionary<string, double> { ["medianVsTarget3Seconds"] = median / TargetSeconds });
    }

    private static string Manifests(string folder)
    {
        var file = Path.Combine(folder, "pool.yaml");
        File.WriteAllText(file, """
            apiVersion: orleanslb.io/v1alpha1
            kind: AddressPool
            metadata: {name: bench}
            spec: {addresses: ["10.128.0.0/17"]}
            ---
            apiVersion: orleanslb.io/v1alpha1
            kind: L2Advertisement
            metadata: {name: bench}
            spec: {addressPools: [bench], interfaces: [eth0]}
            """);
        return file;
    }
}
