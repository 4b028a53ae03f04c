using Orleans;
using Orleans.Runtime;

namespace OrleansLb.Silo.Tests.Orleans;

#pragma warning disable CS0618 // as in SparedSilos

/// <summary>A table in memory that takes every write.</summary>
internal sealed class MembershipRows : IMembershipTable
{
    private List<MembershipEntry> _rows = [];

    public int Updates { get; private set; }

    /// <summary>What a reading fails with; null: it does not.</summary>
    public Exception? Fault { get; set; }

    public void Put(params MembershipEntry[] rows) => _rows = [.. rows];

    public Task<MembershipTableData> ReadAll() => Fault is { } fault
        ? Task.FromException<MembershipTableData>(fault)
        : Task.FromResult(new MembershipTableData([.. _rows.Select(row => Tuple.Create(row, "1"))], new TableVersion(1, "1")));

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion)
    {
        Updates++;
        return Task.FromResult(true);
    }

    public Task InitializeMembershipTable(bool tryInitTableVersion) => throw new NotSupportedException();

    public Task DeleteMembershipTableEntries(string clusterId) => throw new NotSupportedException();

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => throw new NotSupportedException();

    public Task<MembershipTableData> ReadRow(SiloAddress key) => throw new NotSupportedException();

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => throw new NotSupportedException();

    public Task UpdateIAmAlive(MembershipEntry entry) => throw new NotSupportedException();
}
