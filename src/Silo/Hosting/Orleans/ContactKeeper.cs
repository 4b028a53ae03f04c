using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using OrleansLb.Core;
using OrleansLb.Grains;

namespace OrleansLb.Silo.Hosting;

/// <summary>
/// Asks the other silos, in turn, for a sign that this one is still one of them; after a standstill, and when they do not answer, the membership itself.
/// </summary>
internal sealed class ContactKeeper(IClusterMembershipService membership, ILocalSiloDetails local, IGrainFactory grains, ClusterWord word, TimeProvider time,
    ILogger<ContactKeeper> log) : BackgroundService
{
    private const string NoSession = "";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>After a round that took so long others may have declared this silo dead: only the membership knows.</summary>
    private static readonly TimeSpan Standstill = TimeSpan.FromMilliseconds(300);

    /// <summary>For a neighbour's answer; then the membership is asked.</summary>
    private static readonly TimeSpan NeighbourPatience = TimeSpan.FromMilliseconds(300);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private int _turn;
    private bool _isCutOff;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        word.AskedAt = 0;
        using var timer = new PeriodicTimer(Interval, time);
        var began = time.GetTimestamp();
        do
        {
            var isDoubtful = _isCutOff || time.GetElapsedTime(began) > Standstill;
            began = time.GetTimestamp();
            var neighbour = isDoubtful ? null : NextNeighbour();
            var isHeard = (neighbour is not null && await IsAnswered(stop => grains.Node(new NodeName(neighbour.Name)).Heartbeat(NoSession, 0).WaitAsync(stop),
                NeighbourPatience, stoppingToken))
                || await IsAnswered(stop => membership.Refresh(cancellationToken: stop).AsTask(), Patience, stoppingToken);
            if (isHeard) word.AskedAt = began;
            if (isHeard == _isCutOff && !stoppingToken.IsCancellationRequested) log.ContactChanged(isHeard);
            _isCutOff = !isHeard;
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private ClusterMember? NextNeighbour()
    {
        var others = membership.CurrentSnapshot.Members.Values.Where(member =>
            member.Status == SiloStatus.Active && !member.SiloAddress.Equals(local.SiloAddress)).OrderBy(member => member.SiloAddress).ToList();
        return others.Count == 0 ? null : others[_turn++ % others.Count];
    }

    /// <summary>Whether there is an answer, and this silo is a living one after it.</summary>
    private async Task<bool> IsAnswered(Func<CancellationToken, Task> ask, TimeSpan patience, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            await ask(either.Token);
            return membership.CurrentSnapshot.GetSiloStatus(local.SiloAddress) == SiloStatus.Active;
        }
        catch (Exception)
        {
            return false; // whoever it is that does not answer, the next round asks again
        }
    }
}
