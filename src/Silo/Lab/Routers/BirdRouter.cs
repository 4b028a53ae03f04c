using OrleansLb.Core.Addressing;
using OrleansLb.Protocols.Bgp;
using Prefix = OrleansLb.Core.Addressing.Prefix;

namespace OrleansLb.Silo.Lab.Routers;

/// <summary>BIRD 2.</summary>
internal sealed class BirdRouter(RouterPlan plan) : LabRouter(plan)
{
    private const string Package = "bird2";

    /// <summary>A route that its speaker asks to avoid is the last choice (RFC 8326 §4.2), which BIRD has to be told.</summary>
    private const string Avoidance = "if (65535, 0) ~ bgp_community then bgp_local_pref = 0;";

    private string Control => Plan.File("bird.ctl");

    public override string KernelProtocol => "bird";

    public override async Task<string> Version(CancellationToken cancellation) => (await Ask(cancellation, Program, "--version")).Trim();

    public override async Task<IReadOnlyList<LearnedRoute>> Routes(CancellationToken cancellation) => Read(await Client("show route all", cancellation));

    public override async Task<bool> HasSession(Address node, CancellationToken cancellation) =>
        (await Client($"show protocols {NameOf(node)}", cancellation)).Contains("Established", StringComparison.Ordinal);

    protected override async Task Start(CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(Plan.File("bird.conf"), $$"""
            log stderr all;
            router id {{Plan.Own}};
            protocol device {}
            protocol kernel { ipv4 { import none; export all; }; merge paths on; }
            {{Plan.ForEachNode(Neighbour)}}
            """, cancellation);
        Run(Program, "-f", "-c", Plan.File("bird.conf"), "-s", Control, "-P", Plan.File("bird.pid"));
    }

    /// <summary>
    /// Reads <c>show route all</c>: a path is a line with its protocol in brackets and lines of attributes; only the first of a prefix names it.
    /// </summary>
    internal static IReadOnlyList<LearnedRoute> Read(string text)
    {
        List<LearnedRoute> routes = [];
        Prefix prefix = default;
        Dictionary<string, string> attributes = [];
        foreach (var line in text.Split('\n'))
        {
            if (line.Trim().Split(": ", 2) is [['B', 'G', 'P', '.', ..] name, var value]) attributes[name] = value.Trim();
            if (!line.Contains('[', StringComparison.Ordinal)) continue;
            End();
            if (Prefix.TryParse(line.Split(' ')[0], out var next)) prefix = next;
        }
        End();
        return routes;

        void End()
        {
            if (RouteOf(prefix, attributes) is { } route) routes.Add(route);
            attributes = [];
        }
    }

    private static LearnedRoute? RouteOf(Prefix prefix, Dictionary<string, string> attributes) =>
        attributes.TryGetValue("BGP.next_hop", out var nextHop)
            ? new(prefix, Address.Parse(nextHop), LearnedRoute.Path(attributes.GetValueOrDefault("BGP.as_path", "")),
                attributes.TryGetValue("BGP.local_pref", out var preference) ? uint.Parse(preference, null) : null,
                LearnedRoute.Sorted(attributes.GetValueOrDefault("BGP.community", "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(CommunityOf)))
            : null;

    private static Community CommunityOf(string text) => Community.Parse(text.Trim('(', ')').Replace(',', ':'));

    private static string Program => RouterProgram.Find(Package, "/usr/sbin/bird");

    // "direct": an internal neighbour is on the segment like an external one.
    private string Neighbour(Address node) => $$"""
        protocol bgp {{NameOf(node)}} {
          local {{Plan.Own}} as {{Plan.Asn}};
          neighbor {{node}} as {{Plan.NodeAsn}};
          direct; passive; graceful restart; connect delay time 1; error wait time 1, 2;
          ipv4 {
            import filter { {{Avoidance}} accept; };
            export none;
          };
        }
        """;

    private static string NameOf(Address node) => "node_" + node.ToString().Replace('.', '_');

    private Task<string> Client(string command, CancellationToken cancellation) =>
        Ask(cancellation, [RouterProgram.Find(Package, "/usr/sbin/birdc"), "-s", Control, .. command.Split(' ')]);
}
