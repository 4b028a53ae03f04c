using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansLb.Core;
using OrleansLb.Grains;

namespace OrleansLb.Silo.Hosting;

/// <summary>
/// Acts upon the death of silos. This node takes over what it was told to ahead of it, with no call to any other silo; the grains of those that died are told
/// by the oldest silos, for a dead node's grain died with it, and nobody else would call it.
/// </summary>
internal sealed class DeathWatch(IClusterMembershipService membership, ILocalSiloDetails local, EstablishedDeaths deaths, IGrainFactory grains,
    TimeProvider time, ILogger<DeathWatch> log) : BackgroundService
{
    /// <summary>The name of no session: only a node whose speaker has not come back is meant.</summary>
    private const string NoSession = "";

    /// <summary>
    /// What all silos do after a death waits for so long, at most, until this node has taken over what it is to: that comes first, on a busy machine too.
    /// </summary>
    private static readonly TimeSpan HeirsFirst = TimeSpan.FromMilliseconds(300);

    /// <summary>A node that there is not. To take over from it once, before there is need to, has the code ready.</summary>
    private static readonly NodeName Nobody = new("-");

    private readonly ConcurrentDictionary<SiloAddress, Task> _inheriting = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<Task> telling = [];
        var before = membership.CurrentSnapshot;
        deaths.Told = silo => Inherit(silo, membership.CurrentSnapshot);
        telling.Add(Inherit(Nobody));
        try
        {
            await foreach (var members in membership.MembershipUpdates.WithCancellation(stoppingToken))
            {
                telling.RemoveAll(task => task.IsCompleted);
                foreach (var dead in DiedBetween(before, members))
                {
                    var inheriting = Inherit(dead.SiloAddress, before);
                    telling.Add(Tell(dead, isOnDuty: OldestSilos.Has(members, local.SiloAddress), inheriting));
                }
                before = members;
            }
        }
        finally
        {
            deaths.Told = null;
            await Task.WhenAll([.. telling, .. _inheriting.Values]);
        }
    }

    internal static IEnumerable<ClusterMember> DiedBetween(ClusterMembershipSnapshot before, ClusterMembershipSnapshot now) => now.Members.Values
        .Where(member => member.Status == SiloStatus.Dead && before.Members.TryGetValue(member.SiloAddress, out var known) && known.Status != SiloStatus.Dead);

    /// <summary>A silo that was leaving has handed over what it had; one whose node has a younger silo already leaves it to that.</summary>
    internal static bool HasHeirs(SiloAddress dead, ClusterMembershipSnapshot before) =>
        before.Members.TryGetValue(dead, out var member) && member.Status == SiloStatus.Active
        && !before.Members.Values.Any(other =>
            other.Name == member.Name && !other.SiloAddress.Equals(dead) && other.Status is SiloStatus.Active or SiloStatus.Joining);

    /// <summary>Once for each death, by whichever way it was heard first.</summary>
    private Task Inherit(SiloAddress dead, ClusterMembershipSnapshot before) =>
        HasHeirs(dead, before) ? _inheriting.GetOrAdd(dead, silo => Inherit(new NodeName(before.Members[silo].Name))) : Task.CompletedTask;

    private async Task Inherit(NodeName dead)
    {
        try
        {
            await grains.Node(new NodeName(local.Name)).Inherit(dead);
        }
        catch (Exception fault)
        {
            if (dead != Nobody) log.NotInherited(dead.Value, fault);
        }
    }

    private async Task Tell(ClusterMember dead, bool isOnDuty, Task inheriting)
    {
        log.SiloDied(dead.Name, dead.SiloAddress.ToParsableString());
        try
        {
            await Task.WhenAny(inheriting, Task.Delay(HeirsFirst, time));
            await Task.WhenAll(isOnDuty ? grains.Node(new NodeName(dead.Name)).Lost(NoSession) : Task.CompletedTask, grains.Sync().Start());
        }
        catch (Exception fault)
        {
            log.DeathNotTold(dead.Name, fault);
        }
    }
}
