using OrleansLb.Core;
using OrleansLb.Silo.Lab.Network;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>One of the stories that the lab can tell.</summary>
internal sealed record Scenario(string Name, string Summary, Func<LabStage, CancellationToken, Task> Play)
{
    private static readonly ServiceName OpenElbService = new("default", "layer2-svc");

    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("story", "everything: all manifests, a node killed, its addresses taken over, the node back (the default)", Everything),
        new("openelb", "OpenELB's Eip and Service as documented: pending until the pool's name is mended", OpenElb),
        new("metallb-configmap", "MetalLB's ConfigMap and its nginx Service", (stage, cancellation) => Serve(stage, "metallb-configmap", cancellation)),
        new("metallb", "MetalLB's IPAddressPool and L2Advertisement", (stage, cancellation) => Serve(stage, "metallb", cancellation)),
        new("orleanslb", "our AddressPool and L2Advertisement", (stage, cancellation) => Serve(stage, "orleanslb", cancellation)),
        new("failover", "one Service, its node killed, the node back", Failover),
        new("restart", "the service restarted: every address as before", Restart),
        new("bgp", "MetalLB's ConfigMap for BGP with a real router (--router bird, frr, gobgp or openbgpd): routes as written, a node killed, a "
            + "speaker restarted gracefully", Bgp),
        new("can-reach", "OpenELB's interface can_reach:IP, with that IP bound to the node itself, and a restart", CanReach),
        .. SegmentScenarios.All,
    ];

    private static async Task Everything(LabStage stage, CancellationToken cancellation)
    {
        await OpenElb(stage, cancellation);
        await Serve(stage, "metallb-configmap", cancellation);
        await Serve(stage, "metallb", cancellation);
        await Serve(stage, "orleanslb", cancellation);
        await KillAndReturn(stage, cancellation);
    }

    private static async Task OpenElb(LabStage stage, CancellationToken cancellation)
    {
        await stage.Apply("openelb", cancellation);
        await stage.ExpectPending(OpenElbService, "layer2-eip", "eip-sample-pool", cancellation);
        await stage.MendPool(OpenElbService, "eip.openelb.kubesphere.io/v1alpha2", "eip-sample-pool", cancellation);
        await stage.ExpectServed(cancellation);
    }

    private static async Task Serve(LabStage stage, string manifest, CancellationToken cancellation)
    {
        await stage.Apply(manifest, cancellation);
        await stage.ExpectServed(cancellation);
    }

    private static async Task Failover(LabStage stage, CancellationToken cancellation)
    {
        await Serve(stage, "orleanslb", cancellation);
        await KillAndReturn(stage, cancellation);
    }

    private static async Task KillAndReturn(LabStage stage, CancellationToken cancellation)
    {
        var killed = await stage.KillBusiestNode(cancellation);
        await stage.ReturnNode(killed, cancellation);
    }

    private static async Task Restart(LabStage stage, CancellationToken cancellation)
    {
        await Serve(stage, "orleanslb", cancellation);
        await Serve(stage, "metallb", cancellation);
        await stage.RestartService(cancellation);
    }

    private static async Task Bgp(LabStage stage, CancellationToken cancellation)
    {
        const uint Nodes = 64500, Router = 64501;
        var bgp = await stage.AddRouter(cancellation);
        await bgp.StartRouter(Router, Nodes, cancellation);
        await bgp.ExpectSessions(await stage.Apply("metallb-bgp", cancellation), cancellation);
        await stage.Apply("metallb-bgp-services", cancellation);
        await bgp.ExpectRoutes(cancellation);
        await bgp.ExpectSpread(cancellation);
        await bgp.DeleteService(new("default", "shop"), cancellation);
        await bgp.KillNode(cancellation);
        await bgp.ReturnNode(cancellation);
        await bgp.StartRouter(Router, Router, cancellation);
        await bgp.ExpectSessions(await stage.Apply("metallb-bgp-internal", cancellation), cancellation);
        await bgp.ExpectRoutes(cancellation);
        await bgp.RestartGracefully(cancellation);
    }

    private static async Task CanReach(LabStage stage, CancellationToken cancellation)
    {
        await Serve(stage, "can-reach", cancellation);
        await stage.BindToNodes(cancellation);
        await stage.RestartService(cancellation);
    }
}
