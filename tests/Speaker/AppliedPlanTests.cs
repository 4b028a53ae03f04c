using OrleansLb.Core.Addressing;

namespace OrleansLb.Speaker.Tests;

public class AppliedPlanTests
{
    private static readonly AppliedPlan TwoHeld = AppliedPlan.None.Apply(Wire.Whole(5, Wire.Assign("192.0.2.1"), Wire.Assign("192.0.2.2"))).Plan;

    private static string[] Texts(IEnumerable<Address> addresses) => [.. addresses.Order().Select(address => address.ToString())];

    [Fact]
    public void A_whole_plan_withdraws_what_it_does_not_name()
    {
        var step = TwoHeld.Apply(Wire.Whole(9, Wire.Assign("192.0.2.2"), Wire.Assign("192.0.2.3")));
        Assert.Equal(PlanOutcome.Applied, step.Outcome);
        Assert.Equal(["192.0.2.1"], Texts(step.Withdrawn));
        Assert.Equal(["192.0.2.3"], Texts(step.Changed.Select(assignment => assignment.Address)));
        Assert.Equal(["192.0.2.2", "192.0.2.3"], Texts(step.Plan.Assignments.Keys));
        Assert.Equal(9, step.Plan.Version);
    }

    [Fact]
    public void A_change_withdraws_only_what_it_names()
    {
        var step = TwoHeld.Apply(Wire.Then(5, [Wire.Assign("192.0.2.3")], "192.0.2.1", "192.0.2.77"));
        Assert.Equal(["192.0.2.1"], Texts(step.Withdrawn));
        Assert.Equal(["192.0.2.2", "192.0.2.3"], Texts(step.Plan.Assignments.Keys));
        Assert.Equal(6, step.Plan.Version);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(6)]
    public void A_change_that_builds_on_another_version_is_a_gap(long from)
    {
        var step = TwoHeld.Apply(Wire.Then(from, [Wire.Assign("192.0.2.3")]) with { Version = 10 });
        Assert.Equal(PlanOutcome.Gap, step.Outcome);
        Assert.Same(TwoHeld, step.Plan);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(1)]
    public void What_is_known_already_is_stale(long version)
    {
        var step = TwoHeld.Apply(Wire.Whole(version));
        Assert.Equal(PlanOutcome.Stale, step.Outcome);
        Assert.Same(TwoHeld, step.Plan);
        Assert.Empty(step.Withdrawn);
    }

    [Fact]
    public void The_same_assignments_again_change_nothing_but_the_version()
    {
        var step = TwoHeld.Apply(Wire.Whole(6, Wire.Assign("192.0.2.1"), Wire.Assign("192.0.2.2")));
        Assert.Empty(step.Changed);
        Assert.Empty(step.Withdrawn);
        Assert.Equal(6, step.Plan.Version);
    }

    [Fact]
    public void A_new_epoch_is_a_change() => Assert.Single(TwoHeld.Apply(Wire.Then(5, [Wire.Assign("192.0.2.1", epoch: 2)])).Changed);

    [Fact]
    public void An_address_withdrawn_and_announced_in_one_change_stays() =>
        Assert.Empty(TwoHeld.Apply(Wire.Then(5, [Wire.Assign("192.0.2.1", epoch: 2)], "192.0.2.1")).Withdrawn);
}
