using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Routes;

namespace OrleansLb.Core.Tests.Announcements;

public sealed class BgpPlanTests
{
    private static readonly BgpPeer Tor = new(Given.Source("BGPPeer", "tor"), default, "tor", 64500, new RemoteAs.Number(64501), null, null, []);

    private readonly BgpPlan _plan = new();

    [Fact]
    public void A_plan_of_which_nobody_has_said_anything_says_nothing()
    {
        Assert.Null(_plan.Whole());
        Assert.Null(_plan.Step());
        Assert.False(_plan.HasUntold);
    }

    [Fact]
    public void That_there_are_no_peers_is_told_once_and_in_every_whole_plan()
    {
        _plan.Take([], leaving: false, complete: true);
        Assert.Equal(new BgpStep([], RouteChange.Nothing, false, true), _plan.Step());
        _plan.Take([], leaving: false, complete: true);
        Assert.False(_plan.HasUntold);
        Assert.Equal(new BgpStep([], RouteChange.Nothing, false, true), _plan.Whole());
    }

    [Fact]
    public void A_plan_whose_peers_go_has_no_routes_and_tells_them_all_anew_to_those_that_come()
    {
        _plan.Take([Tor], leaving: false, complete: true);
        _plan.Take(new RouteChange([Route(1), Route(2)], []));
        _plan.Step();
        _plan.Take(new RouteChange([], [Route(2).Prefix]));
        _plan.Take([], leaving: false, complete: true);
        Assert.Equal(new BgpStep([], RouteChange.Nothing, false, true), _plan.Step());
        Assert.Empty(_plan.Routes);

        _plan.Take(new RouteChange([Route(1)], []));
        _plan.Take([Tor], leaving: false, complete: true);
        Assert.Equal(new BgpStep([Tor], new([Route(1)], []), false, true), _plan.Step());
    }

    [Fact]
    public void A_whole_plan_holds_what_was_told_before()
    {
        _plan.Take([Tor], leaving: false, complete: false);
        _plan.Take(new RouteChange([Route(1)], []));
        _plan.Step();
        _plan.Take(new RouteChange([Route(2)], []));
        Assert.Equal(new BgpStep([Tor], new([Route(1), Route(2)], []), false, false), _plan.Whole());
        Assert.False(_plan.HasUntold);
    }

    private static PrefixRoute Route(int number) =>
        new(Prefix.Parse($"192.0.2.{number}/32"), [new RouteTerm("all", [], new(null, null, [], null))]);
}
