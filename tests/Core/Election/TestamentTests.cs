using OrleansLb.Core.Election;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Tests.Election;

/// <summary>Who takes over from a node is decided while it lives.</summary>
public sealed class TestamentTests
{
    private static readonly NodeName A = new("a");
    private static readonly ServiceName Web = new("web", "nginx");
    private static readonly ServiceName Sharer = new("web", "sharer");
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(1);
    private static readonly ClusterView Alive = Given.View(Given.Node("a"), Given.Node("b"), Given.Node("c"));
    private static readonly ClusterView WithoutA = Given.View(Given.Node("a") with { Alive = false }, Given.Node("b"), Given.Node("c"));
    private static readonly Candidacy Wish = Given.Candidacy("192.0.2.10") with { Current = A };

    private readonly PlacementBook _book = new();
    private readonly Testaments _testaments;

    public TestamentTests()
    {
        _book.Put(Web, Wish);
        _testaments = new(_book);
    }

    private Relocation Draw(ClusterView? view = null, long epoch = 7, TimeSpan later = default) =>
        Assert.Single(_testaments.Draw(A, [new(Web, epoch)], view ?? Alive, Now + later));

    private Relocation Relocate(ClusterView view, long epoch = 7) =>
        Assert.Single(_book.Relocate(new(A, [new(Web, epoch)]), view, Now.AddSeconds(5), _testaments));

    [Fact]
    public void What_a_node_has_is_left_to_the_others_evenly()
    {
        var services = Enumerable.Range(0, 200).Select(number => new LostService(new("many", $"s{number}"), 1)).ToList();
        foreach (var (service, number) in services.Select((service, number) => (service, number)))
            _book.Put(service.Service, Given.Candidacy($"192.0.2.{20 + number}") with { Current = A });

        var heirs = _testaments.Draw(A, services.ToEquatableList(), Alive, Now);

        Assert.Equal(200, heirs.Count);
        Assert.DoesNotContain(heirs, heir => heir.Node == A);
        Assert.InRange(heirs.Count(heir => heir.Node.Value == "b"), 90, 110);
    }

    [Fact]
    public void The_one_who_was_named_has_it_after_the_loss_under_the_epoch_that_he_was_told()
    {
        var named = Draw();
        Assert.True(named.Epoch > 7);
        var relocation = Relocate(WithoutA);
        Assert.Equal(named.Node, relocation.Node);
        Assert.Equal(named.Assignments, relocation.Assignments);
    }

    [Fact]
    public void An_epoch_that_was_raised_meanwhile_is_raised_again()
    {
        var named = Draw();
        Assert.True(Relocate(WithoutA, named.Epoch + 3).Epoch > named.Epoch + 3);
    }

    [Fact]
    public void Who_may_not_announce_it_any_more_is_passed_over()
    {
        var named = Draw();
        var view = Given.View(Given.Node("a") with { Alive = false }, Given.Node("b") with { Alive = named.Node.Value != "b" },
            Given.Node("c") with { Alive = named.Node.Value != "c" });
        Assert.NotEqual(named.Node, Relocate(view).Node);
    }

    [Fact]
    public void What_nothing_has_changed_for_keeps_its_heir_and_its_epoch() => Assert.Same(Draw(), Draw(later: TimeSpan.FromHours(1)));

    [Fact]
    public void A_higher_epoch_of_the_present_announcer_is_gone_beyond()
    {
        var named = Draw();
        Assert.True(Draw(epoch: named.Epoch).Epoch > named.Epoch);
    }

    [Fact]
    public void Services_that_share_an_address_have_one_heir()
    {
        for (var number = 0; number < 40; number++) // whichever of the two ranks first or bears less
        {
            var book = new PlacementBook();
            var wish = Given.Candidacy($"192.0.2.{number}") with { Current = A, SharingKey = "k" };
            book.Put(Web, wish);
            book.Put(Sharer, wish);
            Assert.Single(new Testaments(book).Draw(A, [new(Web, 1), new(Sharer, 1)], Alive, Now).Select(heir => heir.Node).Distinct());
        }
    }

    [Fact]
    public void Nothing_is_left_to_others_that_is_not_proven_or_another_s_or_that_nobody_else_may_have()
    {
        Assert.Empty(_testaments.Draw(A, [], Alive, Now));
        Assert.Empty(_testaments.Draw(new("b"), [new(Web, 7)], Alive, Now));
        Assert.Empty(_testaments.Draw(A, [new(Web, 7)], Given.View(Given.Node("a")), Now));
    }

    [Fact]
    public void A_service_that_does_not_know_yet_that_its_node_was_lost_goes_on_from_the_heir_when_that_is_lost_too()
    {
        var heir = Relocate(WithoutA).Node;
        var next = Assert.Single(_testaments.Draw(heir, [new(Web, 8)], WithoutA, Now));
        Assert.Equal(InheritOutcome.Taken, _book.Inherit(Web, heir, next));
        Assert.Same(next, _book.Elect(Web, Wish, WithoutA).Ahead);
    }

    [Fact]
    public void What_an_heir_took_is_his_and_the_service_is_told()
    {
        var named = Draw();
        Assert.Equal(InheritOutcome.Taken, _book.Inherit(Web, A, named));
        Assert.Equal(InheritOutcome.Known, _book.Inherit(Web, A, named));
        var told = _book.Elect(Web, Wish, WithoutA);
        Assert.Same(named, told.Ahead);
        Assert.Equal(named.Node, told.Announcer?.Node);
    }

    [Fact]
    public void What_has_gone_to_another_meanwhile_is_refused()
    {
        var other = Draw().Node.Value == "b" ? "c" : "b";
        _book.Put(Web, Wish with { Current = new(other) });
        Assert.Equal(InheritOutcome.Refused, _book.Inherit(Web, A, Draw2()));
        Assert.Equal(other, _book.Elect(Web, Wish with { Current = new(other) }, WithoutA).Announcer?.Node.Value);

        Relocation Draw2() => new(new(other == "b" ? "c" : "b"), [], Now, Reason.Announced, "");
    }

    [Fact]
    public void A_book_without_memory_believes_the_heir_before_the_service_that_names_the_dead()
    {
        var named = Draw();
        var young = new PlacementBook();
        Assert.Equal(InheritOutcome.Taken, young.Inherit(Web, A, named));
        var told = young.Elect(Web, Wish, WithoutA);
        Assert.Same(named, told.Ahead);
        Assert.Equal(named.Node, told.Announcer?.Node);
    }

    [Fact]
    public void And_not_before_a_service_that_knows_of_a_third_node()
    {
        var named = Draw();
        var third = new NodeName(named.Node.Value == "b" ? "c" : "b");
        var young = new PlacementBook();
        young.Inherit(Web, A, named);
        var told = young.Elect(Web, Wish with { Current = third }, WithoutA);
        Assert.Null(told.Ahead);
        Assert.Equal(third, told.Announcer?.Node);
    }

    [Fact]
    public void A_service_that_goes_before_it_was_told_is_withdrawn_where_it_went()
    {
        var named = Draw();
        var young = new PlacementBook();
        young.Inherit(Web, A, named);
        Assert.Equal(new LastPlace(named.Node, named.Epoch), young.Forget(Web));
    }
}
