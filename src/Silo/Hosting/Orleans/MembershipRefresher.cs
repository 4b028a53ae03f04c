using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansLb.Kubernetes.Membership;

namespace OrleansLb.Silo.Hosting;

/// <summary>Reads the membership as soon as it changes, although the word of whoever changed it was lost.</summary>
internal sealed class MembershipRefresher(SiloTableWatch watch, SharedDuty duty, IClusterMembershipService membership, ILogger<MembershipRefresher> log)
    : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => duty.Run(Follow, stoppingToken);

    private async Task Follow(CancellationToken cancellation)
    {
        await foreach (var version in watch.Versions(cancellation))
        {
            if (version <= membership.CurrentSnapshot.Version.Value) continue;
            try
            {
                await membership.Refresh(new(version), cancellation);
            }
            catch (Exception fault) when (!cancellation.IsCancellationRequested)
            {
                log.MembershipNotRefreshed(fault.Message); // Orleans reads it again by itself
            }
        }
    }
}
