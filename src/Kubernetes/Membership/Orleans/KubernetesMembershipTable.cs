using System.Globalization;
using Orleans;
using Orleans.Runtime;

namespace OrleansLb.Kubernetes.Membership;

/// <summary>Orleans' membership in the Kubernetes API.</summary>
public sealed class KubernetesMembershipTable(SiloTableStore store) : IMembershipTable
{
    public Task InitializeMembershipTable(bool tryInitTableVersion) => tryInitTableVersion ? store.Create(CancellationToken.None) : Task.CompletedTask;

    public Task DeleteMembershipTableEntries(string clusterId) => store.Delete(clusterId, CancellationToken.None);

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) =>
        store.Prune(row => row.Status != nameof(SiloStatus.Active) && SiloRows.LastNews(row) < beforeDate, beforeDate, CancellationToken.None);

    public async Task<MembershipTableData> ReadRow(SiloAddress key)
    {
        ArgumentNullException.ThrowIfNull(key);
        var address = key.ToParsableString();
        var table = await store.Read(CancellationToken.None);
        return SiloRows.Read(table with { Rows = [.. table.Rows.Where(row => row.Address == address)] });
    }

    public async Task<MembershipTableData> ReadAll() => SiloRows.Read(await store.Read(CancellationToken.None));

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion)
    {
        ArgumentNullException.ThrowIfNull(tableVersion);
        var row = SiloRows.Of(entry);
        return store.Write(tableVersion.VersionEtag, table => table.Insert(row, tableVersion.Version, tableVersion.VersionEtag), CancellationToken.None);
    }

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion)
    {
        ArgumentNullException.ThrowIfNull(tableVersion);
        if (!long.TryParse(etag, NumberStyles.None, CultureInfo.InvariantCulture, out var revision)) return Task.FromResult(false);
        var row = SiloRows.Of(entry);
        return store.Write(tableVersion.VersionEtag, table => table.Update(row, revision, tableVersion.Version, tableVersion.VersionEtag),
            CancellationToken.None);
    }

    public Task UpdateIAmAlive(MembershipEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        var time = new DateTimeOffset(DateTime.SpecifyKind(entry.IAmAliveTime, DateTimeKind.Utc));
        return store.Beat(entry.SiloAddress.ToParsableString(), time, CancellationToken.None);
    }
}
