using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Grains;
using OrleansLb.Grains.Sync;

namespace OrleansLb.Silo.Hosting;

/// <summary>Sees to it that somebody reads the cluster: a grain whose silo died reads again only when it is called.</summary>
internal sealed class SyncKeeper(IGrainFactory grains, IHostApplicationLifetime host, TimeProvider time, ILogger<SyncKeeper> log) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Calls the grain once. Never fails: the silo that has it may die at any moment, and the next call finds another.</summary>
    public async Task Look()
    {
        try
        {
            await grains.GetGrain<IClusterSyncGrain>(ClusterKey.Value).Start();
        }
        catch (Exception failed)
        {
            log.SyncNotStarted(failed);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await host.ApplicationStarted.WhenCancelled(stoppingToken); // the silo starts later than this
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await Look();
    }
}
