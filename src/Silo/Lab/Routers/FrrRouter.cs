using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Protocols.Bgp;
using OrleansLb.Silo.Lab.Story;
using Prefix = OrleansLb.Core.Addressing.Prefix;

namespace OrleansLb.Silo.Lab.Routers;

/// <summary>FRR: zebra, which knows the kernel, and bgpd.</summary>
internal sealed class FrrRouter(RouterPlan plan) : LabRouter(plan)
{
    private const string Package = "frr", Programs = "/usr/lib/frr/";

    private string Zebra => Plan.File("zserv.api");

    private string Groups => Plan.File("group");

    public override string KernelProtocol => "bgp";

    public override async Task<string> Version(CancellationToken cancellation) =>
        (await Ask(cancellation, RouterProgram.Find(Package, Programs + "bgpd"), "-v")).Split('\n')[0].Replace("bgpd version", "FRR", StringComparison.Ordinal);

    public override async Task<IReadOnlyList<LearnedRoute>> Routes(CancellationToken cancellation)
    {
        var prefixes = (await Client("show bgp ipv4 unicast json", cancellation))?["routes"]?.AsObject().Select(entry => entry.Key) ?? [];
        var routes = new List<LearnedRoute>();
        foreach (var prefix in prefixes)
        {
            var paths = (await Client($"show bgp ipv4 unicast {prefix} json", cancellation))?["paths"]?.AsArray() ?? [];
            routes.AddRange(paths.Select(path => RouteOf(Prefix.Parse(prefix), path!)));
        }
        return routes;
    }

    public override async Task<bool> HasSession(Address node, CancellationToken cancellation) =>
        (await Client("show bgp ipv4 unicast summary json", cancellation))?["peers"]?[node.ToString()]?["state"]?.GetValue<string>() == "Established";

    protected override async Task Start(CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(Groups, "root:x:0:\nfrrvty:x:65533:root\n", cancellation); // the daemons want their user to be of this group
        // without, the client asks PAM, which knows no unpacked FRR
        await File.WriteAllTextAsync(Plan.File("vtysh.conf"), "username root nopassword\n", cancellation);
        await RunDaemon("zebra", "", cancellation);
        // bgpd would try again only after ten seconds
        await Eventually.See("zebra listening", () => Task.FromResult(File.Exists(Zebra) ? this : null), () => Task.FromResult(Ended ?? "not yet"),
            cancellation);
        await RunDaemon("bgpd", $"""
            router bgp {Plan.Asn}
             bgp router-id {Plan.Own}
             no bgp ebgp-requires-policy
            {Plan.ForEachNode(node => $" neighbor {node} remote-as {Plan.NodeAsn}\n neighbor {node} passive")}
             address-family ipv4 unicast
              maximum-paths 64
              maximum-paths ibgp 64
            """, cancellation, "-p", "179");
    }

    private static LearnedRoute RouteOf(Prefix prefix, JsonNode path) => new(
        prefix,
        Address.Parse(path["nexthops"]![0]!["ip"]!.GetValue<string>()),
        path["aspath"]?["segments"]?.AsArray().SelectMany(segment => segment!["list"]!.AsArray()).Select(asn => asn!.GetValue<uint>()).ToEquatableList() ?? [],
        path["locPrf"]?.GetValue<uint>(),
        LearnedRoute.Sorted((path["community"]?["string"]?.GetValue<string>() ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(Community.Parse)));

    private async Task RunDaemon(string program, string configuration, CancellationToken cancellation, params string[] more)
    {
        var file = Plan.File(program + ".conf");
        await File.WriteAllTextAsync(file, configuration + "\n", cancellation);
        Run(WithFiles([(Groups, "/etc/group")],
        [
            RouterProgram.Find(Package, Programs + program), "-u", "root", "-g", "root", "-f", file, "-i", Plan.File(program + ".pid"),
            "--vty_socket", Plan.Folder, "-P", "0", "--log", "stdout", "-z", Zebra, .. more,
        ]));
    }

    /// <summary>Null while the daemon does not answer yet.</summary>
    private async Task<JsonNode?> Client(string command, CancellationToken cancellation)
    {
        var answer = await Ask(cancellation, RouterProgram.Find(Package, "/usr/bin/vtysh"), "--vty_socket", Plan.Folder, "--config_dir", Plan.Folder,
            "-c", command);
        return answer.IndexOf('{', StringComparison.Ordinal) is >= 0 and var start ? JsonNode.Parse(answer[start..(answer.LastIndexOf('}') + 1)]) : null;
    }
}
