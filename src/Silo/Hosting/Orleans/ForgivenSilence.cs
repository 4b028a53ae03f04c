using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Runtime;

namespace OrleansLb.Silo.Hosting;

#pragma warning disable CS0618 // as in SparedSilos

/// <summary>
/// Whoever has said nothing for three heartbeats counts as no voter to Orleans, and the fewer voters there are, the fewer votes it asks for. While
/// the API is away nobody can say anything: after it, the first vote of anybody on anybody would be enough. So the time for which the table could not
/// be reached from here is taken off every silence.
/// </summary>
internal sealed class ForgivenSilence(IMembershipTable table, IOptions<FailureDetectionOptions> options, TimeProvider time) : IMembershipTable
{
    /// <summary>Two outages with less between them are one: there was not time for everybody to speak.</summary>
    private TimeSpan Patience => options.Value.Heartbeat * 3;

    private volatile TableContact _contact = new(time.GetUtcNow());

    public Task InitializeMembershipTable(bool tryInitTableVersion) => table.InitializeMembershipTable(tryInitTableVersion);

    public Task DeleteMembershipTableEntries(string clusterId) => table.DeleteMembershipTableEntries(clusterId);

    public Task CleanupDefunctSiloEntries(DateTimeOffset beforeDate) => table.CleanupDefunctSiloEntries(beforeDate);

    public async Task<MembershipTableData> ReadRow(SiloAddress key) => Forgive(await Noted(table.ReadRow(key)));

    public async Task<MembershipTableData> ReadAll() => Forgive(await Noted(table.ReadAll()));

    public Task<bool> InsertRow(MembershipEntry entry, TableVersion tableVersion) => Noted(table.InsertRow(entry, tableVersion));

    public Task<bool> UpdateRow(MembershipEntry entry, string etag, TableVersion tableVersion) => Noted(table.UpdateRow(entry, etag, tableVersion));

    public Task UpdateIAmAlive(MembershipEntry entry) => Noted(Beat(entry));

    private async Task<bool> Beat(MembershipEntry entry)
    {
        await table.UpdateIAmAlive(entry);
        return true;
    }

    private async Task<T> Noted<T>(Task<T> operation)
    {
        try
        {
            var answer = await operation;
            _contact = _contact.Answered(time.GetUtcNow());
            return answer;
        }
        catch
        {
            _contact = _contact.Lost(time.GetUtcNow(), Patience);
            throw;
        }
    }

    private MembershipTableData Forgive(MembershipTableData read)
    {
        var contact = _contact;
        foreach (var (row, _) in read.Members) row.IAmAliveTime = contact.Forgive(new(DateTime.SpecifyKind(row.IAmAliveTime, DateTimeKind.Utc))).UtcDateTime;
        return read;
    }
}
