using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace OrleansLb.Silo.Hosting;

#pragma warning disable CS0618 // the names that every Orleans 10 has: those with Async, which newer builds want instead, lead to them

/// <summary>
/// Holds back votes on silos that are starting, and on those that are only slow. Orleans probes a silo as soon as it begins to join, when it has the most to
/// compute; short probes would shoot it before it stands, and again when it starts anew. It keeps nothing yet that others wait for. One whose process answers while
/// it does not (<see cref="SiloPulse"/>) is busy: what it announces is answered for, and its death would bring more to do for all. It is spared for a while only,
/// for a silo that never comes round is of no use. A death that is a fact is written at any time, and of a starting silo whether it is one is looked into
/// instead of voting: who joins waits for all that are members, a dead one too.
/// </summary>
internal sealed class SparedSilos(IMembershipTable table, Lazy<ILocalSiloDetails> local, EstablishedDeaths deaths, ListenerCheck check, IPulseCheck pulse,
    IOptions<FailureDetectionOptions> options, TimeProvider time, ILogger<SparedSilos> log) : IMembershipTable
{
    /// <summary>Whoever takes longer to join has a fault that does not pass.</summary>
    private static readonly TimeSpan Joining = TimeSpan.FromMinutes(1);

    /// <summary>Whoever was not voted on for so long has come round; what follows is another silence.</summary>
    private static readonly TimeSpan Afterwards = TimeSpan.FromSeconds(3);

    private readonly ConcurrentDictionary<SiloAddress, (long FirstSeen, SiloStatus Status)> _known = new();

    /// <summary>Those that are silent and run: since when, and when that was last seen.</summary>
    private readonly ConcurrentDictionary<SiloAddress, (long Since, long Last)> _slow = new();

    public Task InitializeMembershipTable(bool tryInitTableVersion) => table.InitializeMembershipTable(tryInitTableVersion);

    public Task DeleteMembershipTableEntries(string clusterId) => table.DeleteMembershipTableEntries(clusterId);

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => table.CleanupDefunctSiloEntries(beforeDate);

    public async Task<MembershipTableData> ReadRow(SiloAddress key) => await table.ReadRow(key);

    public async Task<MembershipTableData> ReadAll()
    {
        var read = await table.ReadAll();
        var now = time.GetTimestamp();
        foreach (var (row, _) in read.Members) _known.AddOrUpdate(row.SiloAddress, (now, row.Status), (_, known) => (known.FirstSeen, row.Status));
        var present = read.Members.Select(row => row.Item1.SiloAddress).ToHashSet();
        foreach (var gone in _known.Keys.Where(silo => !present.Contains(silo))) _known.TryRemove(gone, out _);
        foreach (var gone in _slow.Keys.Where(silo => !present.Contains(silo))) _slow.TryRemove(gone, out _);
        deaths.KeepOnly(present);
        return read;
    }

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => table.InsertRow(entry, tableVersion);

    /// <summary>
    /// Another silo's row is written for no other reason than a vote. One that is held back is a write that lost its
    /// race: it is given again while there is reason to.
    /// </summary>
    public async Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion)
    {
        var silo = entry.SiloAddress;
        var isOwn = silo.Endpoint.Equals(local.Value.SiloAddress.Endpoint); // or that of whoever had this silo's port before
        if (isOwn || deaths.Contains(silo)) return await table.UpdateRow(entry, etag, tableVersion);
        if (IsStarting(entry))
        {
            log.VoteHeldBack(silo.ToParsableString());
            _ = check.Check(silo);
            return false;
        }
        return !await IsSlow(silo) && await table.UpdateRow(entry, etag, tableVersion);
    }

    public Task UpdateIAmAlive(MembershipEntry entry) => table.UpdateIAmAlive(entry);

    /// <summary>By its own clock, and by ours since we know of it: clocks may differ.</summary>
    private bool IsStarting(MembershipEntry entry)
    {
        if (!_known.TryGetValue(entry.SiloAddress, out var known)) return false;
        var grace = known.Status is SiloStatus.Created or SiloStatus.Joining ? Joining : options.Value.StartGrace;
        return time.GetElapsedTime(known.FirstSeen) < grace && time.GetUtcNow().UtcDateTime - entry.StartTime < grace;
    }

    /// <summary>It runs, and has been silent for no longer than a busy silo may be.</summary>
    private async Task<bool> IsSlow(SiloAddress silo)
    {
        var longest = options.Value.Reprieve;
        if (longest == TimeSpan.Zero || !await pulse.Answers(silo)) return false;
        var now = time.GetTimestamp();
        var (since, _) = _slow.AddOrUpdate(silo, (now, now), (_, slow) => (time.GetElapsedTime(slow.Last, now) < Afterwards ? slow.Since : now, now));
        if (since == now) log.SlowSiloSpared(silo.ToParsableString(), longest);
        return time.GetElapsedTime(since, now) < longest;
    }
}
