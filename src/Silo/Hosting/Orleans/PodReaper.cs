using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansLb.Kubernetes.Membership;

namespace OrleansLb.Silo.Hosting;

/// <summary>Declares silos dead whose pod is gone.</summary>
internal sealed class PodReaper(PodWatch pods, SharedDuty duty, IClusterMembershipService membership, EstablishedDeaths deaths, ILocalSiloDetails local,
    ILogger<PodReaper> log) : BackgroundService
{
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => duty.Run(Follow, stoppingToken);

    private async Task Follow(CancellationToken cancellation)
    {
        await foreach (var orphan in pods.Orphans(cancellation))
        {
            var silo = SiloAddress.FromParsableString(orphan);
            if (silo.Equals(local.SiloAddress)) continue; // our own pod is about to end: others will see to it
            log.PodGone(orphan);
            deaths.Add(silo);
            await membership.TryKill(silo);
        }
    }
}
