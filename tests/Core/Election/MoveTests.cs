using OrleansLb.Core.Election;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Tests.Election;

public sealed class MoveTests
{
    private static readonly ServiceName Web = new("web", "nginx");
    private static readonly ServiceName Sharer = new("web", "sharer");
    private static readonly Candidacy Wish = Given.Candidacy("192.0.2.10");
    private readonly PlacementBook _book = new();

    public static IEnumerable<TheoryDataRow<NodeView, Reason, string>> Unfit =>
    [
        new(Given.Node("c"), Reason.NoNode, "there is no node b."),
        new(Given.Node("b") with { Alive = false }, Reason.NodeDead, "node b may not announce service web/nginx: its speaker is not heard from."),
        new(Given.Node("b", "198.51.100.0/24"), Reason.NoInterface, "none of its usable interfaces has a subnet with 192.0.2.10"),
        new(Drained("b"), Reason.NodeDraining, "node b may not announce service web/nginx: it is being drained or not ready, and others are not."),
    ];

    [Theory, MemberData(nameof(Unfit))]
    public void A_move_to_a_node_that_is_unfit_changes_nothing(NodeView node, Reason reason, string message)
    {
        var view = Given.View(Given.Node("a"), node);
        _book.Put(Web, Wish with { Current = new("a") });
        var refused = _book.Move(Web, Wish with { Current = new("a") }, new("b"), view);
        Assert.Equal((null, reason), (refused.Announcer, refused.Reason));
        Assert.Contains(message, refused.Message, StringComparison.Ordinal);
        Assert.Equal([Web], _book.ServicesOn(new("a")));
    }

    [Fact]
    public void Sharers_of_an_address_follow_at_their_next_election()
    {
        var view = Given.View(Given.Node("a"), Given.Node("b"));
        foreach (var service in new[] { Web, Sharer }) _book.Put(service, Wish with { Current = new("a") });
        Assert.Equal("b", _book.Move(Web, Wish with { Current = new("a") }, new("b"), view).Announcer?.Node.Value);
        Assert.Equal([Sharer], _book.Sharers(Web, Wish.Addresses));
        Assert.Equal("b", _book.Elect(Sharer, Wish with { Current = new("a") }, view).Announcer?.Node.Value);
        Assert.Equal([Web, Sharer], _book.ServicesOn(new("b")).Order());
    }

    [Fact]
    public void A_moved_service_is_not_moved_for_the_loads_sake_until_its_node_is_lost()
    {
        var view = Given.View(Given.Node("a"), Given.Node("b"));
        for (var i = 0; i < 10; i++) _book.Put(new("load", $"s{i}"), Given.Candidacy($"192.0.2.{100 + i}") with { Current = new("b") });
        _book.Move(Web, Wish, new("b"), view);
        Assert.False(_book.WouldImprove(Web, _book.WithLoads(view), 0));
        Assert.Null(_book.Improve(Web, Wish with { Current = new("b") }, view, 0));
        _book.Elect(Web, Wish with { Current = new("b") }, view); // an election that changes nothing leaves it so
        Assert.False(_book.WouldImprove(Web, _book.WithLoads(view), 0));

        Assert.Equal("a", _book.Elect(Web, Wish with { Current = new("b") }, Given.View(Given.Node("a"))).Announcer?.Node.Value);
        for (var i = 10; i < 40; i++) _book.Put(new("load", $"s{i}"), Given.Candidacy($"192.0.2.{100 + i}") with { Current = new("a") });
        Assert.True(_book.WouldImprove(Web, _book.WithLoads(view), 0));
    }

    [Fact]
    public void A_service_that_names_an_announcer_of_before_gets_the_one_of_the_last_election()
    {
        _book.Put(Web, Wish with { Current = new("a") });
        var view = Given.View(Given.Node("b"), Given.Node("c"));
        var heir = _book.Elect(Web, Wish with { Current = new("a") }, view).Announcer!.Node;
        for (var i = 0; i < 20; i++) _book.Put(new("load", $"s{i}"), Given.Candidacy($"192.0.2.{100 + i}") with { Current = heir });
        Assert.Equal(heir, _book.Elect(Web, Wish with { Current = new("a") }, view).Announcer?.Node); // its memory was lost with its process
    }

    [Fact]
    public void What_is_forgotten_is_answered_once()
    {
        _book.Put(Web, Wish with { Current = new("a") });
        _book.Remember(Sharer, new("b"));
        Assert.Equal("a", _book.Forget(Web)?.Node.Value);
        Assert.Equal("b", _book.Forget(Sharer)?.Node.Value);
        Assert.Null(_book.Forget(Web));
        Assert.Null(_book.Forget(Sharer));
    }

    private static NodeView Drained(string name)
    {
        var node = Given.Node(name);
        return node with { Facts = node.Facts! with { Draining = true } };
    }
}
