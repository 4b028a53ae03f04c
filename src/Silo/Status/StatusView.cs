using System.Globalization;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Status;

namespace OrleansLb.Silo.Status;

/// <summary>The cluster's status as <c>/orleanslb/v1/status</c> shows it: plain strings and numbers, for scripts and the page.</summary>
internal sealed record StatusView(
    string Version,
    string Build,
    bool Ready,
    IReadOnlyList<ServiceView> Services,
    IReadOnlyList<PoolView> Pools,
    IReadOnlyList<NodeStatusView> Nodes,
    IReadOnlyList<ProblemView> Problems,
    IReadOnlyList<BgpNodeView>? Bgp = null,
    IReadOnlyList<AddressView>? Addresses = null)
{
    public static StatusView Of(ClusterStatus status, IEnumerable<AddressStatus> addresses) => new(
        ProductVersion.Text,
        ProductVersion.Build,
        status.Sync.Complete,
        [.. status.Services.Select(ServiceView.Of)],
        [.. status.Pools.Select(PoolView.Of)],
        [.. status.Nodes.Select(NodeStatusView.Of)],
        [.. status.Problems.Select(ProblemView.Of)],
        BgpView.Of(status.Bgp, null).Nodes,
        [.. addresses.Select(AddressView.Of)]);
}

/// <summary>A service: its addresses, who announces them, and why.</summary>
internal sealed record ServiceView(
    string Service,
    IReadOnlyList<string> Addresses,
    IReadOnlyList<string> Pools,
    string AddressReason,
    string AddressMessage,
    string? Announcer,
    bool Announced,
    string AnnouncerReason,
    string AnnouncerMessage)
{
    public static ServiceView Of(ServiceSummary service) => new(
        service.Service.ToString(),
        [.. service.Addresses.Select(address => address.ToString())],
        [.. service.Pools.Select(pool => pool.Value)],
        service.AddressReason.ToString(),
        service.AddressMessage,
        service.Announcer?.Value,
        service.IsAnnounced,
        service.AnnouncerReason.ToString(),
        service.AnnouncerMessage);
}

/// <summary>A pool and how full it is. Counts are text: an IPv6 pool has more addresses than JSON's numbers hold.</summary>
internal sealed record PoolView(string Pool, bool Configured, bool Disabled, IReadOnlyList<string> Ranges, IReadOnlyList<PoolCountView> Counts)
{
    public static PoolView Of(PoolStatus pool) => new(
        pool.Pool.Value, pool.Configured, pool.Disabled, [.. pool.Ranges.Select(range => range.ToString())], [.. pool.Families.Select(PoolCountView.Of)]);
}

/// <summary>A pool's addresses of one family.</summary>
internal sealed record PoolCountView(string Family, string Total, int Held, int Reserved, string Free)
{
    public static PoolCountView Of(FamilyCount count) => new(count.Family.ToString(), Text(count.Total), count.Held, count.Reserved, Text(count.Free));

    private static string Text(UInt128 value) => value.ToString(CultureInfo.InvariantCulture);
}

/// <summary>A node: whether it lives, what it carries, and its interfaces.</summary>
internal sealed record NodeStatusView(
    string Node,
    bool Alive,
    bool Draining,
    bool? Ready,
    int Addresses,
    IReadOnlyList<InterfaceView> Interfaces)
{
    public static NodeStatusView Of(NodeView node) => new(
        node.Name.Value, node.Alive, node.Draining || node.Facts is { Draining: true }, node.Facts?.Ready, node.Load,
        [.. node.Links.Links.Select(InterfaceView.Of)]);
}

/// <summary>An interface of a node.</summary>
internal sealed record InterfaceView(string Name, bool Usable, string Mac, IReadOnlyList<string> Prefixes)
{
    public static InterfaceView Of(LinkState link) => new(link.Name, link.Usable, link.Mac.ToString(), [.. link.Connected.Select(prefix => prefix.ToString())]);
}

/// <summary>Something that is wrong with an object.</summary>
internal sealed record ProblemView(string? File, string Object, string Field, string Severity, string Message)
{
    public static ProblemView Of(Problem problem) => new(
        problem.Object.File,
        (problem.Object with { File = null }).ToString(),
        problem.Field,
        problem.Severity.ToString().ToLowerInvariant(),
        problem.Message);
}
