using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Grains;
using OrleansLb.Grains.Services;
using OrleansLb.Silo.Lab.Story;
using OrleansLb.Silo.Operations;

namespace OrleansLb.Bench;

/// <summary>A node is drained again and again under a client that fetches without a pause: how many requests that costs.</summary>
internal static class DrainBench
{
    private const int Rounds = 10;
    private const int RequestsBetween = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    public static async Task<BenchResult> Run()
    {
        await using var bed = await LabBed.Make(inMemory: false, "192.168.0.160");
        var service = await bed.CreateService(0);
        var index = bed.Service.Grains.GetGrain<IServiceIndexGrain>(ClusterKey.Value);
        await Until(async () => await index.Find(service) is { IsAnnounced: true });
        var requests = RequestStream.Start(bed.Network, Address.Parse("192.168.0.160"), CancellationToken.None);
        for (var round = 0; round < Rounds; round++)
        {
            var node = (await index.Find(service))!.Announcer!.Value;
            await bed.Service.Post(OperationPaths.DrainOf(node), CancellationToken.None);
            await Until(async () => await index.Find(service) is { IsAnnounced: true } moved && moved.Announcer != node);
            var made = requests.Made;
            await Until(() => Task.FromResult(requests.Made >= made + RequestsBetween));
            await bed.Service.Post(OperationPaths.UndrainOf(node), CancellationToken.None);
        }
        var count = await requests.Stop();
        var figures = new Dictionary<string, double> { ["drains"] = Rounds, ["requests"] = count.Made, ["madeTwice"] = count.Broken, ["lost"] = count.Lost };
        return new("drain", [new(bed.Network.Segment, figures)], new Dictionary<string, double> { ["lostPerDrain"] = count.Lost / (double)Rounds });
    }

    private static async Task Until(Func<Task<bool>> reached)
    {
        using var late = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(Pace);
        while (!await reached()) await timer.WaitForNextTickAsync(late.Token);
    }
}
