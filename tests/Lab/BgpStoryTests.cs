using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Routers;

namespace OrleansLb.Lab.Tests;

/// <summary>The lab's story with a router, for every router that it knows.</summary>
public sealed class BgpStoryTests
{
    private static readonly string[] Nodes = ["node1", "node2", "node3"];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(nameof(RouterKind.Bird), true)]
    [InlineData(nameof(RouterKind.Frr), true)]
    [InlineData(nameof(RouterKind.GoBgp), false)]
    [InlineData(nameof(RouterKind.OpenBgpd), false)]
    public async Task The_story_with_a_router_comes_out_and_no_message_is_malformed(string router, bool forwards)
    {
        await using var world = await LabWorld.Make(Stop, Enum.Parse<RouterKind>(router));
        await using var wire = await WireCapture.Start(world.Network.NamespaceOf("node1"), LabPlan.Interface, Stop);

        await world.Play("bgp", Stop);

        var report = world.Stage.Bgp!;
        Assert.Equal(forwards, report.Forwards);
        Assert.Equal([.. Nodes.Select(node => (node, "external")), .. Nodes.Select(node => (node, "internal"))],
            report.Sessions.Select(session => (session.Node, session.Kind)));
        var addresses = world.Stage.Served.ToDictionary(served => served.Service, served => Assert.Single(served.Addresses));
        Assert.Equal(["198.51.100.0", "198.51.100.1"], addresses.Values.Order(StringComparer.Ordinal));
        Assert.Equal(
            [
                "198.51.100.0/24 external 64500  ", "198.51.100.0/32 external 64500 65535:65282 ", "198.51.100.1/32 external 64500 65535:65282 ",
                "198.51.100.0/24 internal   100", $"{addresses["default/nginx"]}/32 internal  65535:65282 100",
            ],
            report.Routes.Select(route => $"{route.Prefix} {route.Session} {string.Join(' ', route.AsPath)} {string.Join(' ', route.Communities)} "
                + $"{(route.Session == "internal" ? route.LocalPref : null)}"));
        Assert.All(report.Routes, route => Assert.Equal(Nodes, route.Nodes));
        Assert.Equal(("node3", "node1", true), (report.NodeDeath!.Killed, report.GracefulRestart!.Restarted, report.GracefulRestart.RoutesKept));
        Assert.Equal((forwards ? 0 : null, forwards ? 0 : (int?)null), (report.NodeDeath.Requests?.Lost, report.GracefulRestart.Requests?.Lost));
        Assert.NotEmpty(await wire.Ask($"bgp && ip.src == {LabPlan.RoutedAddressOf(world.Network.Plan.Nodes[0])}", ["frame.number"], Stop));
        Assert.Empty(await wire.Ask("bgp && (_ws.malformed || _ws.expert.severity == error)", ["frame.number", "_ws.col.Info"], Stop));
    }

    [Fact]
    public async Task Without_namespaces_the_story_says_what_it_needs()
    {
        var lab = await RunningProgram.Run(Stop, ["lab", "--scenario", "bgp", "--memory"]);

        Assert.NotEqual(0, lab.Code);
        Assert.Contains("the scenario needs network namespaces", lab.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_bird_table_is_read_path_by_path()
    {
        const string Table = """
            BIRD 2.0.12 ready.
            Table master4:
            198.51.100.0/32      unicast [node_1 14:27:55.089] * (100) [AS64500i]
            	via 10.0.0.11 on eth0
            	Type: BGP univ
            	BGP.origin: IGP
            	BGP.as_path: 64500 64499
            	BGP.next_hop: 10.0.0.11
            	BGP.local_pref: 100
            	BGP.community: (65535,65282) (64500,7)
                                 unicast [node_2 14:27:55.089] (100) [i]
            	via 10.0.0.12 on eth0
            	BGP.as_path: 
            	BGP.next_hop: 10.0.0.12
            """;

        var routes = BirdRouter.Read(Table);

        Assert.Equal(["198.51.100.0/32 10.0.0.11 64500,64499 100 64500:7,no-advertise", "198.51.100.0/32 10.0.0.12   "],
            routes.Select(route => $"{route.Prefix} {route.NextHop} {string.Join(',', route.AsPath)} {route.LocalPref} {string.Join(',', route.Communities)}"));
    }
}
