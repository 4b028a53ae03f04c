using System.Globalization;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Speaker.Tests.Bgp.Interop;

/// <summary>A kind of session, as our side has it configured; the router is configured to match.</summary>
/// <param name="Node">Which node of the lab has it.</param>
internal sealed record SessionKind(int Node, string Name, BgpPeer Peer)
{
    /// <summary>Every kind that all routers can do. Each has a node of its own, so that one router can have them all at once.</summary>
    public static IReadOnlyList<SessionKind> All { get; } = Number(
    [
        ("external", Plan.Peer()),
        ("internal", Plan.Peer() with { LocalAsn = Plan.RouterAsn }),
        ("password", Plan.Peer() with { Password = new("s3cret") }),
        ("gtsm", Plan.Peer() with { Gtsm = true }),
        ("passive", Plan.Peer() with { Passive = true }),
        ("remote-as external", Plan.Peer() with { RemoteAs = new RemoteAs.External() }),
        ("remote-as internal", Plan.Peer() with { LocalAsn = Plan.RouterAsn, RemoteAs = new RemoteAs.Internal() }),
        ("local-as", Plan.Peer() with { LocalAs = 64777 }),
        ("four-octet AS", Plan.Peer() with { LocalAsn = 4_200_000_001 }),
        ("short hold time", Plan.Peer() with { HoldTime = TimeSpan.FromSeconds(3), KeepaliveTime = TimeSpan.FromSeconds(1) }),
        ("source address", Plan.Peer() with { SourceAddress = Core.Addressing.Address.Parse("192.0.2.11") }),
        ("both families", Plan.Peer() with { DualStack = true }),
        ("ipv6", Plan.Peer(BgpLab.RouterAddressV6)),
        ("ipv6 with a password", Plan.Peer(BgpLab.RouterAddressV6) with { Password = new("s3cret6") }),
        ("graceful restart", Plan.Peer() with { GracefulRestart = true }),
    ]);

    public static IEnumerable<TheoryDataRow<int>> Rows => All.Select(kind => new TheoryDataRow<int>(kind.Node) { TestDisplayName = kind.Name });

    /// <summary>Without the kind in which the router dials: GoBGP takes ten to twenty seconds before it dials at all.</summary>
    public static IEnumerable<TheoryDataRow<int>> RowsOfPromptDiallers => Rows.Where(row => !At(row.Data).Peer.Passive);

    public bool IsIpv6 => Peer.Address!.Value.Family == Core.Addressing.IpFamily.IPv6;

    public bool HasIpv4 => !IsIpv6 || Peer.DualStack;

    public bool HasIpv6 => IsIpv6 || Peer.DualStack;

    /// <summary>The address by which the router knows the node.</summary>
    public string NodeAddress => Invariant($"{(IsIpv6 ? "fd77::" : "192.0.2.")}{Node}");

    public string RouterAddress => Peer.Address!.Value.ToString();

    /// <summary>The AS that the router sees.</summary>
    public uint NodeAs => Peer.LocalAs ?? Peer.LocalAsn;

    public bool IsInternal => NodeAs == Plan.RouterAsn;

    public string Ipv4Route => Invariant($"203.0.113.{Node}/32");

    public string Ipv6Route => Invariant($"2001:db8:5::{Node:x}/128");

    public static SessionKind At(int node) => All[node - 1];

    private static SessionKind[] Number((string Name, BgpPeer Peer)[] kinds) =>
        [.. kinds.Select((kind, index) => new SessionKind(index + 1, kind.Name, kind.Peer))];

    private static string Invariant(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
