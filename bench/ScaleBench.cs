using System.Diagnostics;
using System.Globalization;
using OrleansLb.Core;
using OrleansLb.Grains;
using OrleansLb.Grains.Services;

namespace OrleansLb.Bench;

/// <summary>Ten thousand Services against the embedded API: the time until each thousand is served, and the memory.</summary>
internal static class ScaleBench
{
    private const int Total = 10_000;
    private const int Step = 1000;
    private const int Writers = 16;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    public static async Task<BenchResult> Run()
    {
        await using var bed = await LabBed.Make(inMemory: true, "10.128.0.0/17");
        List<BenchRow> rows = [];
        List<double> perService = [];
        for (var done = 0; done < Total; done += Step)
        {
            var elapsed = await Serve(bed, done);
            perService.Add(elapsed.TotalMilliseconds / Step);
            rows.Add(Row(done + Step, elapsed));
        }
        return new("scale", rows, new Dictionary<string, double> { ["lastThousandVsFirst"] = perService[^1] / perService[0] });
    }

    private static async Task<TimeSpan> Serve(LabBed bed, int first)
    {
        var started = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(Enumerable.Range(first, Step), new ParallelOptions { MaxDegreeOfParallelism = Writers },
            async (number, _) => await bed.CreateService(number));
        using var late = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(Pace);
        var index = bed.Service.Grains.GetGrain<IServiceIndexGrain>(ClusterKey.Value);
        while ((await index.Services()).Count(service => service.IsAnnounced) < first + Step)
        {
            if (late.IsCancellationRequested) throw new BenchException($"Not all of {first + Step} services were served within {Patience.TotalMinutes:0} min.");
            await timer.WaitForNextTickAsync(late.Token);
        }
        return Stopwatch.GetElapsedTime(started);
    }

    private static BenchRow Row(int services, TimeSpan elapsed) => new(services.ToString(CultureInfo.InvariantCulture), new Dictionary<string, double>
    {
        ["seconds"] = Math.Round(elapsed.TotalSeconds, 2),
        ["msPerService"] = Math.Round(elapsed.TotalMilliseconds / Step, 2),
        ["heapMiB"] = Math.Round(GC.GetTotalMemory(forceFullCollection: false) / 1048576.0, 1),
        ["workingSetMiB"] = Math.Round(Environment.WorkingSet / 1048576.0, 1),
    });
}
