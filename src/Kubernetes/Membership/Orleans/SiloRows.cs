using OrleansLb.Core;
using OrleansLb.Kubernetes.Client.Resources;
using Orleans;
using Orleans.Runtime;

namespace OrleansLb.Kubernetes.Membership;

/// <summary>Translates Orleans' membership entries to rows of the table and back.</summary>
internal static class SiloRows
{
    public static SiloRow Of(MembershipEntry entry) => new()
    {
        Address = entry.SiloAddress.ToParsableString(),
        Name = entry.SiloName ?? "",
        HostName = entry.HostName ?? "",
        Status = entry.Status.ToString(),
        GatewayPort = entry.ProxyPort,
        Role = entry.RoleName,
        UpdateZone = entry.UpdateZone == 0 ? null : entry.UpdateZone,
        FaultZone = entry.FaultZone == 0 ? null : entry.FaultZone,
        StartTime = Time(entry.StartTime),
        AliveTime = Time(entry.IAmAliveTime),
        Suspicions =
            entry.SuspectTimes is { Count: > 0 } votes ? [.. votes.Select(vote => new SiloSuspicion(vote.Item1.ToParsableString(), Time(vote.Item2)))] : null,
    };

    public static MembershipEntry Read(SiloRow row) => new()
    {
        SiloAddress = SiloAddress.FromParsableString(row.Address),
        SiloName = row.Name,
        HostName = row.HostName,
        // A status that a later Orleans may know is none that an earlier one may trust.
        Status = Enum.TryParse<SiloStatus>(row.Status, out var status) ? status : SiloStatus.None,
        ProxyPort = row.GatewayPort,
        RoleName = row.Role,
        UpdateZone = row.UpdateZone ?? 0,
        FaultZone = row.FaultZone ?? 0,
        StartTime = row.StartTime.Value.UtcDateTime,
        IAmAliveTime = row.AliveTime.Value.UtcDateTime,
        SuspectTimes = [.. (row.Suspicions ?? []).Select(vote => Tuple.Create(SiloAddress.FromParsableString(vote.Silo), vote.Time.Value.UtcDateTime))],
    };

    public static MembershipTableData Read(SiloTable table) =>
        new([.. table.Rows.Select(row => Tuple.Create(Read(row), Etag(row)))], new TableVersion(table.Version, table.Etag));

    /// <summary>The last time that anything was heard of the silo: its start, its own word, or a vote on it.</summary>
    public static DateTimeOffset LastNews(SiloRow row) =>
        (row.Suspicions ?? []).Select(vote => vote.Time.Value).Append(row.StartTime.Value).Append(row.AliveTime.Value).Max();

    public static string Etag(SiloRow row) => row.Revision.ToString(System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Orleans' times are of UTC, whatever their kind says.</summary>
    private static MicroTime Time(DateTime time) => new(new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)));
}
