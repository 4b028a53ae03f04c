using System.Text.Json.Nodes;

namespace OrleansLb.Speaker.Tests.Bgp.Interop;

/// <summary>OpenBGPD with every kind of neighbour.</summary>
internal sealed class OpenBgpdInterop(BgpLab lab, IReadOnlyList<SessionKind> kinds) : InteropRouter
{
    private readonly OpenBgpd _bgpd = lab.Keep(new OpenBgpd(lab, string.Join('\n', kinds.Select(Neighbour))));

    public override bool AskForRefresh(SessionKind kind)
    {
        _bgpd.Ask($"neighbor {kind.NodeAddress} refresh");
        return true;
    }

    protected override SeenRoute? Find(string prefix, out string answer)
    {
        answer = _bgpd.Ask($"-j show rib detail {prefix}");
        if (!answer.StartsWith('{') || JsonNode.Parse(answer)!["rib"]?[0] is not { } path) return null;
        return new((string?)path["aspath"] ?? "", (string)path["exit_nexthop"]!, (uint?)path["metric"], (uint?)path["localpref"], List(path["communities"]),
            List(path["large_communities"]));
    }

    private static string List(JsonNode? communities) => string.Join(' ', communities?.AsArray().Select(each => (string)each!) ?? []);

    private static string Neighbour(SessionKind kind) => $$"""
        neighbor {{kind.NodeAddress}} {
          remote-as {{kind.NodeAs}}
          {{(kind.Peer.Passive ? "" : "passive")}}
          {{(kind.Peer.Password is { } password ? $"tcp md5sig password {password.Value}" : "")}}
          {{(kind.Peer.Gtsm ? "ttl-security yes" : "")}}
          announce IPv4 {{(kind.HasIpv4 ? "unicast" : "none")}}
          announce IPv6 {{(kind.HasIpv6 ? "unicast" : "none")}}
          announce enhanced refresh yes
        }
        """;
}
