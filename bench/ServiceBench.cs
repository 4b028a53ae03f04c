using System.Diagnostics;

namespace OrleansLb.Bench;

/// <summary>From the request that creates a Service to the first gratuitous frame that the client hears for it.</summary>
internal static class ServiceBench
{
    private const int WarmUp = 20;
    private const int Services = 100;
    private const double TargetMs = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<BenchResult> Run()
    {
        await using var bed = await LabBed.Make(inMemory: false, "192.168.0.100-192.168.0.250");
        var samples = new Samples();
        for (var number = 0; number < WarmUp + Services; number++)
        {
            var elapsed = await Measure(bed, number);
            if (number >= WarmUp) samples.Add(elapsed);
        }
        var median = samples.MedianUs / 1000;
        return new("service", [Row(bed.Network.Segment, samples)], new Dictionary<string, double> { ["medianVsTarget20Ms"] = median / TargetMs });
    }

    private static async Task<long> Measure(LabBed bed, int number)
    {
        var known = bed.Network.Capture.Since(0).Select(sighting => sighting.Address).ToHashSet();
        using var late = new CancellationTokenSource(Patience);
        var heard = bed.Network.Capture.First(sighting => !known.Contains(sighting.Address), late.Token);
        var created = Stopwatch.GetTimestamp();
        await bed.CreateService(number);
        try
        {
            return (await heard).At - created;
        }
        catch (OperationCanceledException)
        {
            throw new BenchException($"Service {number} was not announced within {Patience.TotalSeconds:0} s.");
        }
    }

    private static BenchRow Row(string segment, Samples samples) =>
        new($"created -> first gratuitous ARP at the client ({segment})", new Dictionary<string, double>
    {
        ["medianMs"] = Math.Round(samples.MedianUs / 1000, 2),
        ["p90Ms"] = Math.Round(samples.QuantileUs(0.9) / 1000, 2),
        ["p99Ms"] = Math.Round(samples.QuantileUs(0.99) / 1000, 2),
    });
}
