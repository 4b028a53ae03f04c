using OrleansLb.Core.Election;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Tests.Election;

/// <summary>When everything has just started, services that stand are announced before their own grains have asked.</summary>
public sealed class ResumeTests
{
    private static readonly ServiceName Web = new("web", "nginx");
    private static readonly Candidacy Wish = Given.Candidacy("192.0.2.10");
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(1);
    private static readonly ClusterView View = Given.View(Given.Node("a"), Given.Node("b"));

    private readonly PlacementBook _book = new();

    private IReadOnlyList<Relocation> Resume(ClusterView view) => _book.Resume([new(Web, Wish)], view, Now);

    [Fact]
    public void The_service_is_told_at_its_next_election_and_stays_there()
    {
        var resumed = Assert.Single(Resume(View));
        Assert.True(resumed.Resumed);
        Assert.Equal([Web], _book.ServicesOn(resumed.Node));
        var told = _book.Elect(Web, Wish, View);
        Assert.Same(resumed, told.Ahead);
        Assert.Equal(resumed.Node, told.Announcer?.Node);
        Assert.Null(_book.Elect(Web, Wish with { Current = resumed.Node }, View).Ahead);
    }

    [Fact]
    public void The_node_is_the_one_that_its_own_election_would_have_found()
    {
        var services = Enumerable.Range(0, 100)
            .Select(number => new StandingService(new("many", $"s{number}"), Given.Candidacy($"192.0.2.{20 + number}"))).ToList();
        var alone = new PlacementBook();
        Assert.Equal(services.Select(standing => alone.Elect(standing.Service, standing.Candidacy, View).Announcer?.Node),
            _book.Resume(services, View, Now).Select(resumed => (NodeName?)resumed.Node));
    }

    [Fact]
    public void Of_whom_something_is_known_nothing_is_changed()
    {
        _book.Put(Web, Wish with { Current = new("b") });
        Assert.Empty(Resume(View));
        Assert.Equal([Web], _book.ServicesOn(new("b")));
    }

    [Fact]
    public void Whose_node_says_that_it_announces_it_is_left_to_itself()
    {
        _book.Remember(Web, new("b"));
        Assert.Empty(Resume(View));
        Assert.Equal(new NodeName("b"), _book.Elect(Web, Wish, View).Announcer?.Node);
    }

    [Fact]
    public void What_a_node_took_over_from_a_lost_one_stays_there()
    {
        _book.Inherit(Web, new("gone"), new(new("b"), [], Now, Reason.Announced, ""));
        Assert.Empty(Resume(View));
        Assert.Equal(new NodeName("b"), _book.Elect(Web, Wish, View).Announcer?.Node);
    }

    [Fact]
    public void Whom_no_node_may_announce_is_left_to_itself()
    {
        Assert.Empty(Resume(Given.View(Given.Node("a") with { Alive = false })));
        Assert.False(_book.Knows(Web));
    }

    [Fact]
    public void Should_its_node_be_lost_before_it_knows_it_is_told_of_the_next_alone()
    {
        var resumed = Assert.Single(Resume(View));
        var left = Given.View(View.Nodes.Select(node => node with { Alive = node.Name != resumed.Node }).ToArray());
        var next = Assert.Single(_book.Relocate(new(resumed.Node, [new(Web, resumed.Epoch)]), left, Now, new(_book)));
        Assert.True(next.Epoch > resumed.Epoch);
        Assert.Same(next, _book.Elect(Web, Wish, left).Ahead);
    }

    [Fact]
    public void One_that_wants_nothing_any_more_learns_which_node_to_tell()
    {
        var resumed = Assert.Single(Resume(View));
        Assert.Equal(new LastPlace(resumed.Node, resumed.Epoch), _book.Forget(Web));
    }

    [Fact]
    public void Services_that_share_an_address_are_together()
    {
        var sharers = Enumerable.Range(0, 3).Select(number => new StandingService(new("web", $"s{number}"), Wish with { SharingKey = "k" }));
        Assert.Single(_book.Resume(sharers, View, Now).Select(resumed => resumed.Node).Distinct());
    }
}
