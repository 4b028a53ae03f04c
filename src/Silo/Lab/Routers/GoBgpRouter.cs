using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Protocols.Bgp;
using Prefix = OrleansLb.Core.Addressing.Prefix;

namespace OrleansLb.Silo.Lab.Routers;

/// <summary>GoBGP, which learns but does not forward: it leaves the kernel to zebra.</summary>
internal sealed class GoBgpRouter(RouterPlan plan) : LabRouter(plan)
{
    private const string Package = "gobgpd";
    private const int Established = 6; // GoBGP's own number of the state
    private const int AsPathType = 2, NextHopType = 3, LocalPrefType = 5, CommunitiesType = 8;

    public override string NotForwarding => "GoBGP keeps routes to itself: it writes none into the kernel unless zebra does it for it";

    public override async Task<string> Version(CancellationToken cancellation) =>
        "GoBGP " + (await Ask(cancellation, Program, "--version")).Replace("gobgpd version", "", StringComparison.Ordinal).Trim();

    public override async Task<IReadOnlyList<LearnedRoute>> Routes(CancellationToken cancellation) =>
        await Client("global rib -j", cancellation) is JsonObject rib
            ? [.. rib.SelectMany(entry => entry.Value!.AsArray().Select(path => RouteOf(Prefix.Parse(entry.Key), path!["attrs"]!.AsArray())))]
            : [];

    public override async Task<bool> HasSession(Address node, CancellationToken cancellation) =>
        await Client($"neighbor {node} -j", cancellation) is { } neighbour && (int?)neighbour["state"]?["session_state"] == Established;

    protected override async Task Start(CancellationToken cancellation)
    {
        await File.WriteAllTextAsync(Plan.File("gobgp.toml"), $"""
            [global.config]
            as = {Plan.Asn}
            router-id = "{Plan.Own}"
            {Plan.ForEachNode(Neighbour)}
            """, cancellation);
        Run(Program, "-f", Plan.File("gobgp.toml"), "--api-hosts", "127.0.0.1:50051");
    }

    private static LearnedRoute RouteOf(Prefix prefix, JsonArray attributes)
    {
        JsonNode? Of(int type) => attributes.FirstOrDefault(attribute => (int)attribute!["type"]! == type);
        return new(prefix,
            Address.Parse((string)Of(NextHopType)!["nexthop"]!),
            Of(AsPathType)?["as_paths"]?.AsArray().SelectMany(segment => segment!["asns"]!.AsArray()).Select(asn => (uint)asn!).ToEquatableList() ?? [],
            (uint?)Of(LocalPrefType)?["value"],
            LearnedRoute.Sorted(Of(CommunitiesType)?["communities"]?.AsArray().Select(community => new Community((uint)community!)) ?? []));
    }

    private string Neighbour(Address node) => $"""
        [[neighbors]]
        [neighbors.config]
        neighbor-address = "{node}"
        peer-as = {Plan.NodeAsn}
        [neighbors.transport.config]
        passive-mode = true
        [neighbors.graceful-restart.config]
        enabled = true
        restart-time = 120
        [[neighbors.afi-safis]]
        [neighbors.afi-safis.config]
        afi-safi-name = "ipv4-unicast"
        [neighbors.afi-safis.mp-graceful-restart.config]
        enabled = true
        """;

    private static string Program => RouterProgram.Find(Package, "/usr/bin/gobgpd");

    /// <summary>Null when it answers with something else than JSON: it is not there yet, or there is nothing.</summary>
    private async Task<JsonNode?> Client(string command, CancellationToken cancellation)
    {
        var answer = await Ask(cancellation, [RouterProgram.Find(Package, "/usr/bin/gobgp"), .. command.Split(' ')]);
        return answer.StartsWith('{') ? JsonNode.Parse(answer) : null;
    }
}
