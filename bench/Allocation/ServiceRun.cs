using System.Diagnostics;
using System.Globalization;

namespace OrleansLb.Bench.Allocation;

/// <summary>
/// Services created through the embedded API, until each shows its address: from create to claim and status. One node,
/// as <c>orleanslb run</c> has with that API.
/// </summary>
internal static class ServiceRun
{
    private const int WarmUp = 4000;
    private const int Services = 5000;
    private const int Writers = 32;

    /// <param name="data">Where the API keeps its objects; null for memory.</param>
    public static async Task<BenchRow> Measure(string? data)
    {
        await using var bed = await LabBed.Make(inMemory: true, "10.128.0.0/16", data, nodes: 1);
        await Serve(bed, 0, WarmUp);
        using var writes = new RequestCount();
        var (from, cpu) = (await Revision(bed), Environment.CpuUsage.TotalTime);
        var elapsed = await Serve(bed, WarmUp, Services);
        return new(data is null ? "services, API in memory" : "services, API on disk", new Dictionary<string, double>
        {
            ["perSecond"] = Math.Round(Services / elapsed.TotalSeconds),
            ["usEach"] = Math.Round(elapsed.TotalMicroseconds / Services, 2),
            ["cpuUsEach"] = Math.Round((Environment.CpuUsage.TotalTime - cpu).TotalMicroseconds / Services),
            ["writesEach"] = Math.Round((await Revision(bed) - from) / (double)Services, 2),
            ["claimsEach"] = Each(writes.Of("addressclaims")),
            ["statusesEach"] = Each(writes.Of("services")),
            ["eventsEach"] = Each(writes.Of("events")),
        });
    }

    private static double Each(int count) => Math.Round(count / (double)Services, 2);

    private static async Task<TimeSpan> Serve(LabBed bed, int first, int count)
    {
        using var shown = new ShownAddresses(bed.Service.Address);
        await shown.Begin();
        var started = Stopwatch.GetTimestamp();
        var all = shown.Count(count);
        await Parallel.ForEachAsync(Enumerable.Range(first, count), new ParallelOptions { MaxDegreeOfParallelism = Writers },
            async (number, _) => await bed.CreateService(number));
        await all;
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>The API counts its writes: each has the next revision.</summary>
    private static async Task<long> Revision(LabBed bed)
    {
        var list = await bed.Service.Get("/api/v1/namespaces?limit=1", CancellationToken.None);
        return long.Parse(list["metadata"]!["resourceVersion"]!.GetValue<string>(), CultureInfo.InvariantCulture);
    }
}
