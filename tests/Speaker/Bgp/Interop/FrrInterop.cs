using System.Text.Json.Nodes;

namespace OrleansLb.Speaker.Tests.Bgp.Interop;

/// <summary>FRR with every kind of neighbour.</summary>
internal sealed class FrrInterop : InteropRouter
{
    private readonly Frr _frr;

    private FrrInterop(Frr frr) => _frr = frr;

    public static async Task<FrrInterop> Start(BgpLab lab, IReadOnlyList<SessionKind> kinds) => new(await Frr.Start(lab, string.Join('\n',
    [
        .. kinds.Select(Neighbour),
        " address-family ipv4 unicast", .. Activate(kinds.Where(kind => kind.HasIpv4)), " exit-address-family",
        " address-family ipv6 unicast", .. Activate(kinds.Where(kind => kind.HasIpv6)), " exit-address-family",
    ])));

    public override bool AskForRefresh(SessionKind kind)
    {
        _frr.Ask($"clear bgp {(kind.HasIpv4 ? "ipv4" : "ipv6")} {kind.NodeAddress} soft in");
        return true;
    }

    protected override SeenRoute? Find(string prefix, out string answer)
    {
        answer = _frr.Ask($"show bgp {(prefix.Contains(':') ? "ipv6" : "ipv4")} unicast {prefix} json");
        if (!answer.Contains("\"paths\"", StringComparison.Ordinal)) return null;
        var path = JsonNode.Parse(answer)!["paths"]![0]!;
        return new((string?)path["aspath"]!["string"] is { } text and not "Local" ? text : "", (string)path["nexthops"]![0]!["ip"]!, (uint?)path["metric"],
            (uint?)path["locPrf"],
            (string?)path["community"]?["string"] ?? "", (string?)path["largeCommunity"]?["string"] ?? "");
    }

    private static IEnumerable<string> Activate(IEnumerable<SessionKind> kinds) => kinds.Select(kind => $"  neighbor {kind.NodeAddress} activate");

    private static string Neighbour(SessionKind kind)
    {
        var dynamic = kind.Peer.RemoteAs is not Core.Configuration.RemoteAs.Number;
        List<string> lines =
        [
            $" neighbor {kind.NodeAddress} remote-as {(!dynamic ? $"{kind.NodeAs}" : kind.IsInternal ? "internal" : "external")}",
            $" neighbor {kind.NodeAddress} timers connect 1",
        ];
        if (!kind.Peer.Passive) lines.Add($" neighbor {kind.NodeAddress} passive");
        if (kind.Peer.Password is { } password) lines.Add($" neighbor {kind.NodeAddress} password {password.Value}");
        if (kind.Peer.Gtsm) lines.Add($" neighbor {kind.NodeAddress} ttl-security hops 1");
        return string.Join('\n', lines);
    }
}
