using System.Text.Json.Nodes;

namespace OrleansLb.Speaker.Tests.Bgp.Interop;

/// <summary>GoBGP with every kind of neighbour.</summary>
internal sealed class GoBgpInterop(BgpLab lab, IReadOnlyList<SessionKind> kinds) : InteropRouter
{
    private readonly GoBgp _gobgp = lab.Keep(new GoBgp(lab, string.Join('\n', kinds.Select(Neighbour))));

    /// <summary>It keeps all that it ever heard, and looks there again.</summary>
    public override bool AskForRefresh(SessionKind kind) => false;

    protected override SeenRoute? Find(string prefix, out string answer)
    {
        answer = _gobgp.Ask($"global rib -j -a {(prefix.Contains(':') ? "ipv6" : "ipv4")}");
        if (!answer.StartsWith('{') || JsonNode.Parse(answer)![prefix] is not { } paths) return null;
        var attributes = paths[0]!["attrs"]!.AsArray();
        JsonNode? Of(int type) => attributes.FirstOrDefault(attribute => (int)attribute!["type"]! == type);
        return new(
            string.Join(' ', Of(2)!["as_paths"]!.AsArray().SelectMany(segment => segment!["asns"]!.AsArray()).Select(asn => $"{asn}")),
            (string)(Of(3) ?? Of(14))!["nexthop"]!, (uint?)Of(4)?["metric"], (uint?)Of(5)?["value"],
            string.Join(' ', Of(8)?["communities"]?.AsArray().Select(each => $"{(uint)each! >> 16}:{(uint)each! & 0xFFFF}") ?? []),
            string.Join(' ', Of(32)?["value"]?.AsArray().Select(each => $"{each!["ASN"]}:{each["LocalData1"]}:{each["LocalData2"]}") ?? []));
    }

    private static string Neighbour(SessionKind kind)
    {
        List<string> lines = ["[[neighbors]]", "[neighbors.config]", $"neighbor-address = \"{kind.NodeAddress}\"", $"peer-as = {kind.NodeAs}"];
        if (kind.Peer.Password is { } password) lines.Add($"auth-password = \"{password.Value}\"");
        if (kind.Peer.Passive) lines.AddRange(["[neighbors.timers.config]", "connect-retry = 1", "idle-hold-time-after-reset = 1"]);
        else lines.AddRange(["[neighbors.transport.config]", "passive-mode = true"]);
        if (kind.Peer.Gtsm) lines.AddRange(["[neighbors.ttl-security.config]", "enabled = true", "ttl-min = 255"]);
        lines.AddRange(["[neighbors.graceful-restart.config]", "enabled = true", "restart-time = 20"]);
        if (kind.HasIpv4) lines.AddRange(Family("ipv4-unicast"));
        if (kind.HasIpv6) lines.AddRange(Family("ipv6-unicast"));
        return string.Join('\n', lines);
    }

    private static string[] Family(string name) =>
        ["[[neighbors.afi-safis]]", "[neighbors.afi-safis.config]", $"afi-safi-name = \"{name}\"", "[neighbors.afi-safis.mp-graceful-restart.config]",
            "enabled = true"];
}
