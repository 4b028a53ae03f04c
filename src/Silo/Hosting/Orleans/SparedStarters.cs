using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace OrleansLb.Silo.Hosting;

#pragma warning disable CS0618 // the names that every Orleans 10 has: those with Async, which newer builds want instead, lead to them

/// <summary>
/// Holds back votes on silos that are starting. Orleans probes a silo as soon as it begins to join, when it has the most to compute; short probes would shoot
/// it before it stands, and again when it starts anew. It keeps nothing yet that others wait for. A death that is a fact is written at any time, and whether it
/// is one is looked into instead of voting: who joins waits for all that are members, a dead one too.
/// </summary>
internal sealed class SparedStarters(IMembershipTable table, Lazy<ILocalSiloDetails> local, EstablishedDeaths deaths, ListenerCheck check,
    IOptions<FailureDetectionOptions> options, TimeProvider time, ILogger<SparedStarters> log) : IMembershipTable
{
    /// <summary>Whoever takes longer to join has a fault that does not pass.</summary>
    private static readonly TimeSpan Joining = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<SiloAddress, (long FirstSeen, SiloStatus Status)> _known = new();

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
        deaths.KeepOnly(present);
        return read;
    }

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => table.InsertRow(entry, tableVersion);

    /// <summary>
    /// Another silo's row is written for no other reason than a vote. One that is held back is a write that lost its
    /// race: it is given again while there is reason to.
    /// </summary>
    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion)
    {
        var isOwn = entry.SiloAddress.Endpoint.Equals(local.Value.SiloAddress.Endpoint); // or that of whoever had this silo's port before
        if (isOwn || deaths.Contains(entry.SiloAddress) || !IsStarting(entry)) return table.UpdateRow(entry, etag, tableVersion);
        log.VoteHeldBack(entry.SiloAddress.ToParsableString());
        _ = check.Check(entry.SiloAddress);
        return Task.FromResult(false);
    }

    public Task UpdateIAmAlive(MembershipEntry entry) => table.UpdateIAmAlive(entry);

    /// <summary>By its own clock, and by ours since we know of it: clocks may differ.</summary>
    private bool IsStarting(MembershipEntry entry)
    {
        if (!_known.TryGetValue(entry.SiloAddress, out var known)) return false;
        var grace = known.Status is SiloStatus.Created or SiloStatus.Joining ? Joining : options.Value.StartGrace;
        return time.GetElapsedTime(known.FirstSeen) < grace && time.GetUtcNow().UtcDateTime - entry.StartTime < grace;
    }
}
