using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace OrleansLb.Silo.Hosting;

/// <summary>
/// While this silo cannot join, says from time to time whom it does not reach, and what that may be for: Orleans says so ten times a second, and not why.
/// </summary>
internal sealed class JoinWatch(IClusterMembershipService membership, ILocalSiloDetails local, TimeProvider time, ILogger<JoinWatch> log) : BackgroundService
{
    /// <summary>A silo that may join has by then, on a busy machine too.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>Says it once; true when there is nothing more to say.</summary>
    public bool Look()
    {
        var members = membership.CurrentSnapshot;
        if (members.GetSiloStatus(local.SiloAddress) == SiloStatus.Active) return true;
        var others = members.Members.Values.Where(member => member.Status == SiloStatus.Active).OrderBy(member => member.Name, StringComparer.Ordinal)
            .Select(member => $"{member.Name} ({member.SiloAddress.Endpoint})").ToList();
        if (others.Count > 0) log.NotJoined(string.Join(", ", others));
        return false;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken) && !Look()) continue;
    }
}
