using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Routes;
using OrleansLb.Protocols.Bgp;
using CorePrefix = OrleansLb.Core.Addressing.Prefix;
using RouteSet = OrleansLb.Protocols.Bgp.RouteSet;

namespace OrleansLb.Speaker.Bgp;

/// <summary>Sends some routes to nobody, so that the first that matter do not wait for the compiler.</summary>
internal static class BgpWarmUp
{
    private const int Rounds = 40, Routes = 64;

    public static void Run()
    {
        var peer = new BgpPeer(new("", "", "", ""), default, "nobody", 64500, new RemoteAs.Number(64501), null, null, []);
        var plan =
            Enumerable.Range(0, Routes).Select(i => new PrefixRoute(CorePrefix.Parse($"192.0.2.{i}/32"), [new RouteTerm("", [], new(null, null, [], null))]));
        var step = new BgpStep([peer], new RouteChange([.. plan], []), false, true);
        for (var round = 0; round < Rounds; round++) Send(step, peer);
    }

    private static void Send(BgpStep step, BgpPeer peer)
    {
        var routes = new SpeakerRoutes(bandwidthPerEndpoint: 1);
        routes.Apply(step);
        var open = new OpenMessage(OpenMessage.SupportedVersion, 64500, 0, new RouterId(1), default);
        var session = new SessionParameters { Local = open, Remote = open, IsInternal = false, Families = [Family.Ipv4Unicast], Send = new(), Receive = new() };
        var next = new ExportSettings { Ipv4NextHop = NextHop.Parse("192.0.2.1") };
        var wanted = new WantedRoutes(routes.For(peer, keepsRoutes: false), Complete: true);
        var advertiser = new RouteAdvertiser(new RouteExport(session, next), () => wanted, new MessageCounters(), _ => { });
        Drain(advertiser);
        wanted = new(RouteSet.Empty, Complete: true);
        Drain(advertiser);
    }

    private static void Drain(RouteAdvertiser advertiser)
    {
        while (!advertiser.Next().IsEmpty) { }
    }
}
