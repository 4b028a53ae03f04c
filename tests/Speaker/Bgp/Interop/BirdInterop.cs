namespace OrleansLb.Speaker.Tests.Bgp.Interop;

/// <summary>BIRD with every kind of neighbour.</summary>
internal sealed class BirdInterop(BgpLab lab, IReadOnlyList<SessionKind> kinds) : InteropRouter
{
    private readonly Bird _bird = lab.Keep(new Bird(lab, string.Join('\n', kinds.Select(Neighbour))));

    public override bool AskForRefresh(SessionKind kind)
    {
        _bird.Ask($"reload in node{kind.Node}");
        return true;
    }

    protected override SeenRoute? Find(string prefix, out string answer)
    {
        answer = _bird.Ask($"show route all for {prefix}");
        if (!answer.Contains("BGP.next_hop", StringComparison.Ordinal)) return null;
        var attributes =
            answer.Split('\n').Select(line => line.Trim().Split(": ", 2)).Where(parts => parts.Length == 2).ToLookup(parts => parts[0], parts => parts[1]);
        string Of(string name) => attributes[name].FirstOrDefault("");
        return new(Of("BGP.as_path").Trim(), Of("BGP.next_hop").Split(' ')[0], Number(Of("BGP.med")), Number(Of("BGP.local_pref")), Plain(Of("BGP.community")),
            Plain(Of("BGP.large_community")));
    }

    private static uint? Number(string text) => uint.TryParse(text, out var number) ? number : null;

    private static string Plain(string text) =>
        text.Replace(", ", ":", StringComparison.Ordinal).Replace(',', ':').Replace("(", "", StringComparison.Ordinal)
            .Replace(")", "", StringComparison.Ordinal);

    private static string Neighbour(SessionKind kind) => $$"""
        protocol bgp node{{kind.Node}} {
          local {{kind.RouterAddress}} as {{Plan.RouterAsn}};
          neighbor {{kind.NodeAddress}} {{(kind.Peer.RemoteAs is Core.Configuration.RemoteAs.Number ? $"as {kind.NodeAs}" : kind.IsInternal ? "internal" : "external")}};
          direct; graceful restart; enable extended messages on;
          {{(kind.Peer.Passive ? "connect delay time 1;" : "passive;")}}
          {{(kind.Peer.Password is { } password ? $"password \"{password.Value}\";" : "")}}
          {{(kind.Peer.Gtsm ? "ttl security on;" : "")}}
          {{(kind.HasIpv4 ? "ipv4 { import all; export none; };" : "")}}
          {{(kind.HasIpv6 ? "ipv6 { import all; export none; };" : "")}}
        }
        """;

}
