using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Election;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Tests.Election;

/// <summary>Services of a lost node are given others before their own grains know.</summary>
public sealed class RelocationTests
{
    private static readonly ServiceName Web = new("web", "nginx");
    private static readonly ServiceName Sharer = new("web", "sharer");
    private static readonly Candidacy Wish = Given.Candidacy("192.0.2.10");
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(1);
    private static readonly ClusterView Alive = Given.View(Given.Node("a"), Given.Node("b"), Given.Node("c"));
    private static readonly ClusterView WithoutA = Given.View(Given.Node("a") with { Alive = false }, Given.Node("b"), Given.Node("c"));
    private static readonly Candidacy Before = Wish with { Current = new("a") };

    private readonly PlacementBook _book = new();

    public RelocationTests() => _book.Put(Web, Before);

    private IReadOnlyList<Relocation> Relocate(ClusterView view, long epoch = 7, string from = "a") =>
        _book.Relocate(new(new(from), [new(Web, epoch)]), view, Now, new(_book));

    [Fact]
    public void All_that_a_dead_node_had_goes_to_the_others_at_once_and_evenly()
    {
        var services = Enumerable.Range(0, 200).Select(number => new ServiceName("many", $"s{number}")).ToList();
        foreach (var (service, number) in services.Select((service, number) => (service, number)))
            _book.Put(service, Given.Candidacy($"192.0.2.{20 + number}") with { Current = new("a") });

        var relocations = _book.Relocate(new(new("a"), services.Select(service => new LostService(service, 1)).ToEquatableList()), WithoutA, Now, new(_book));

        Assert.Equal(services, relocations.Select(relocation => relocation.Assignments[0].Service));
        Assert.InRange(relocations.Count(relocation => relocation.Node.Value == "b"), 90, 110);
        Assert.Equal([Web], _book.ServicesOn(new("a")));
    }

    [Theory]
    [InlineData(7)]
    [InlineData(long.MaxValue / 2)]
    public void The_new_assignments_have_a_higher_epoch_whatever_the_clock_says(long epoch) =>
        Assert.All(Assert.Single(Relocate(WithoutA, epoch)).Assignments, assignment => Assert.True(assignment.Epoch > epoch));

    [Fact]
    public void The_service_is_told_at_its_next_election_and_stays_there()
    {
        var relocation = Assert.Single(Relocate(WithoutA));
        var told = _book.Elect(Web, Before, WithoutA);
        Assert.Same(relocation, told.Ahead);
        Assert.Equal(relocation.Node, told.Announcer?.Node);
        Assert.Null(_book.Elect(Web, Before with { Current = relocation.Node }, WithoutA).Ahead);
    }

    [Fact]
    public void It_is_told_again_until_it_shows_that_it_knows()
    {
        var relocation = Assert.Single(Relocate(WithoutA));
        for (var lostAnswers = 0; lostAnswers < 2; lostAnswers++) Assert.Same(relocation, _book.Elect(Web, Before, Alive).Ahead);
        Assert.Same(relocation, _book.Elect(Web, Wish, Alive).Ahead); // after a loss of memory
    }

    [Fact]
    public void It_is_told_of_an_heir_that_is_dead_by_then_too()
    {
        var relocation = Assert.Single(Relocate(WithoutA));
        var third = relocation.Node.Value == "b" ? "c" : "b";
        var view = Given.View(Given.Node("a") with { Alive = false }, Given.Node(relocation.Node.Value) with { Alive = false }, Given.Node(third));
        var told = _book.Elect(Web, Before, view);
        Assert.Equal((third, relocation.Node), (told.Announcer?.Node.Value, told.Ahead!.Node));
    }

    [Fact]
    public void An_operators_move_tells_it_too()
    {
        var relocation = Assert.Single(Relocate(WithoutA));
        Assert.Same(relocation, _book.Move(Web, Before, new("c"), WithoutA).Ahead);
    }

    [Fact]
    public void What_is_forgotten_before_it_knew_names_the_heir_and_the_epoch_there()
    {
        var relocation = Assert.Single(Relocate(WithoutA));
        Assert.Equal(new(relocation.Node, relocation.Epoch), _book.Forget(Web));
    }

    [Fact]
    public void Services_that_share_an_address_go_to_one_heir()
    {
        _book.Put(Sharer, Before);
        var relocations = _book.Relocate(new(new("a"), [new(Web, 1), new(Sharer, 2)]), WithoutA, Now, new(_book));
        Assert.Equal(2, relocations.Count);
        Assert.Single(relocations.Select(relocation => relocation.Node).Distinct());
    }

    [Fact]
    public void Nothing_moves_that_may_stay_or_has_nowhere_to_go()
    {
        Assert.Empty(Relocate(Alive)); // its interface was back before anybody looked
        Assert.Empty(Relocate(Given.View(Given.Node("a") with { Alive = false })));
        Assert.Equal([Web], _book.Unplaced);
    }

    [Fact]
    public void A_service_that_does_not_know_of_its_last_move_is_moved_again_and_told_of_that()
    {
        var heir = Assert.Single(Relocate(WithoutA)).Node.Value;
        var again =
            Assert.Single(
                Relocate(Given.View(Given.Node("a") with { Alive = false }, Given.Node("b") with { Alive = false }, Given.Node("c") with { Alive = false },
                    Given.Node("d")), 9, heir));
        Assert.Same(again, _book.Elect(Web, Before, Given.View(Given.Node("d"))).Ahead);
    }

    [Fact]
    public void It_is_not_moved_back_unawares_to_the_node_that_it_still_names()
    {
        var onlyA = Given.View(Given.Node("a"), Given.Node("b") with { Alive = false }, Given.Node("c") with { Alive = false });
        var heir = Assert.Single(Relocate(WithoutA)).Node.Value;
        Assert.Empty(Relocate(onlyA, from: heir)); // under another epoch than the service knows it would be announced there for good
        Assert.Equal("a", _book.Elect(Web, Before, onlyA).Announcer?.Node.Value);
    }

    [Fact]
    public void What_an_heir_has_taken_already_is_not_lost_once_more_when_the_dead_node_s_grain_says_so_too()
    {
        var taken = new Relocation(new("b"), [new(Address.Parse("192.0.2.10"), Web, 9, [])], Now, Reason.Announced, "b follows a.");
        Assert.Equal(InheritOutcome.Taken, _book.Inherit(Web, new("a"), taken));
        Assert.Empty(Relocate(WithoutA));
        Assert.Same(taken, _book.Elect(Web, Before, WithoutA).Ahead); // it is announced there under that epoch, and the service takes it up
    }

    [Fact]
    public void A_service_whose_askers_are_spread_has_others_that_answer()
    {
        _book.Put(Web, Before with { Advertisements = [.. Before.Advertisements.Select(advertisement => advertisement with { Style = new(Spread: true) })] });
        Assert.Empty(Relocate(WithoutA));
    }
}
