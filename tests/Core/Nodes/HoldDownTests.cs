using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Tests.Nodes;

/// <summary>A node that comes and goes is held down longer each time.</summary>
public sealed class HoldDownTests
{
    private static readonly NodeName Node = new("a");
    private static readonly HoldDownRule Rule = new(TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(30));
    private static readonly NodeFacts Ready = new(Node, Labels.None, Ready: true, NetworkUnavailable: false, Excluded: false, Draining: false, []);
    private readonly NodeRegister _register;
    private DateTimeOffset _now = DateTimeOffset.UnixEpoch.AddDays(1);
    private bool _gains = true;

    public HoldDownTests()
    {
        _register = new(Rule, (_, _) => _gains);
        Hear(alive: true);
        _register.Put(Ready, _now);
        _now += TimeSpan.FromHours(1);
    }

    public static TheoryData<string> Signs => ["dead", "not ready", "network unavailable", "no interface"];

    private NodeView Seen => _register.ViewAt(_now).Nodes[0];

    private void Hear(bool alive, bool usable = true)
    {
        var links = Given.Node("a").Links.Links.Select(link => link with { Usable = usable });
        _register.Put(Node,
            view => view with { Alive = alive, Links = new(links.ToEquatableList()), SteadySince = alive && !view.Alive ? _now : view.SteadySince }, _now);
    }

    private void ComeAndGo(string how)
    {
        if (how == "dead") Hear(alive: false);
        else if (how == "not ready") _register.Put(Ready with { Ready = false }, _now);
        else if (how == "network unavailable") _register.Put(Ready with { NetworkUnavailable = true }, _now);
        else Hear(alive: true, usable: false);
        _now += TimeSpan.FromSeconds(5);
        _register.Put(Ready, _now);
        Hear(alive: true);
    }

    [Theory, MemberData(nameof(Signs))]
    public void Each_return_doubles_the_hold_down_up_to_a_bound(string how)
    {
        TimeSpan[] expected = [TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(4), TimeSpan.FromMinutes(8), TimeSpan.FromMinutes(10),
            TimeSpan.FromMinutes(10)];
        foreach (var (time, returns) in expected.Select((time, index) => (time, index + 1)))
        {
            ComeAndGo(how);
            Assert.Equal((_now + time, returns), (Seen.HeldUntil, Seen.Returns));
            Assert.Equal([returns], _register.TakeReturns().Select(back => back.Times));
        }
    }

    [Theory, MemberData(nameof(Signs))]
    public void A_hold_down_ends_and_old_returns_are_forgotten(string how)
    {
        ComeAndGo(how);
        ComeAndGo(how);
        _now += TimeSpan.FromMinutes(2);
        Assert.Null(Seen.HeldUntil);
        _now += TimeSpan.FromMinutes(30);
        ComeAndGo(how);
        Assert.Equal(1, Seen.Returns);
    }

    [Fact]
    public void The_first_sight_of_a_node_is_no_return_and_holds_it_once()
    {
        var register = new NodeRegister(Rule, (_, _) => true);
        register.Put(Ready, _now);
        register.Put(Node, view => view with { Alive = true, SteadySince = _now }, _now);
        var seen = register.ViewAt(_now).Nodes[0];
        Assert.Equal((_now + Rule.First, 0), (seen.HeldUntil, seen.Returns));
        Assert.Empty(register.TakeReturns());
    }

    [Fact]
    public void What_an_operator_wills_is_no_flap()
    {
        _register.Put(Ready with { Draining = true }, _now);
        _register.Put(Ready with { Excluded = true }, _now);
        _register.Put(Ready, _now);
        Assert.Null(Seen.HeldUntil);
    }

    [Fact]
    public void An_interface_that_no_service_is_announced_on_may_come_and_go()
    {
        _gains = false;
        ComeAndGo("no interface");
        Assert.Null(Seen.HeldUntil);
    }
}
