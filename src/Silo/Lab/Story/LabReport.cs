using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>What a run of the lab found, for scripts: <c>orleanslb lab --json</c>.</summary>
/// <param name="Bgp">Only of the scenario with a router.</param>
/// <param name="Requests">Only of scenarios in which a client fetches without a pause.</param>
internal sealed record LabReport(
    bool Ok,
    string Build,
    string Segment,
    IReadOnlyList<ServedService> Services,
    IReadOnlyList<Failover> Failovers,
    IReadOnlyList<AddressTimeline> Timelines,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] BgpReport? Bgp = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<AddressRequests>? Requests = null);

/// <summary>
/// A service that was served by a node, or by several at once with commas between them, and how long that took from the request that created it to the first
/// gratuitous frame at the client, or until the router was seen to have its routes.
/// </summary>
internal sealed record ServedService(string Service, IReadOnlyList<string> Addresses, string Announcer, double CreateToAnnouncedMs);

/// <summary>
/// An address that changed hands because its node died: how long until the new node's first gratuitous frame, and until a page came through again.
/// </summary>
internal sealed record Failover(string Killed, string Address, string NewAnnouncer, double AnnouncedMs, double TrafficRestoredMs);

/// <summary>What became of a client's requests at an address.</summary>
internal sealed record AddressRequests(string Address, RequestCount Requests);

/// <summary>Who answered for an address while it was watched. Times are milliseconds from the beginning of the watch.</summary>
internal sealed record AddressTimeline(string Address, double LengthMs, IReadOnlyList<HolderSpan> Holders, double LongestSilenceMs, double LongestContestMs);

/// <summary>A machine answered for an address from one moment to another, without a break.</summary>
internal sealed record HolderSpan(string Machine, double FromMs, double ToMs, int Answers);

/// <summary>How the report is written as JSON.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(LabReport))]
internal sealed partial class LabJson : JsonSerializerContext;
