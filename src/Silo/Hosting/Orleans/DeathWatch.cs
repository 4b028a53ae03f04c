using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansLb.Core;
using OrleansLb.Grains;

namespace OrleansLb.Silo.Hosting;

/// <summary>Tells the grains of silos that died: a dead node's grain died with it, and nobody else would call it.</summary>
internal sealed class DeathWatch(IClusterMembershipService membership, ILocalSiloDetails local, IGrainFactory grains, ILogger<DeathWatch> log) : BackgroundService
{
    /// <summary>The name of no session: only a node whose speaker has not come back is meant.</summary>
    private const string NoSession = "";

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<Task> telling = [];
        var before = membership.CurrentSnapshot;
        try
        {
            await foreach (var members in membership.MembershipUpdates.WithCancellation(stoppingToken))
            {
                telling.RemoveAll(task => task.IsCompleted);
                telling.AddRange(DiedBetween(before, members).Select(dead => Tell(dead, isOnDuty: OldestSilos.Has(members, local.SiloAddress))));
                before = members;
            }
        }
        finally
        {
            await Task.WhenAll(telling);
        }
    }

    internal static IEnumerable<ClusterMember> DiedBetween(ClusterMembershipSnapshot before, ClusterMembershipSnapshot now) => now.Members.Values
        .Where(member => member.Status == SiloStatus.Dead && before.Members.TryGetValue(member.SiloAddress, out var known) && known.Status != SiloStatus.Dead);

    private async Task Tell(ClusterMember dead, bool isOnDuty)
    {
        log.SiloDied(dead.Name, dead.SiloAddress.ToParsableString());
        try
        {
            await Task.WhenAll(isOnDuty ? grains.Node(new NodeName(dead.Name)).Lost(NoSession) : Task.CompletedTask, grains.Sync().Start());
        }
        catch (Exception fault)
        {
            log.DeathNotTold(dead.Name, fault);
        }
    }
}
