using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;

namespace OrleansLb.Core.Tests.Announcements;

public sealed class NodePlanTests
{
    private readonly NodePlan _plan = new(new("node1"));

    [Fact]
    public void Steps_build_on_each_other_and_tell_only_what_changed()
    {
        _plan.Assign(Assignment("192.0.2.1", "web/a", 1));
        var whole = _plan.Whole(100, null);
        _plan.Assign(Assignment("192.0.2.2", "web/b", 1));
        _plan.Withdraw(ServiceName.Parse("web/a"), Address.Parse("192.0.2.1"), 1);
        var step = _plan.Step("trace");

        Assert.Equal((null, 100L), (whole.From, whole.Version));
        Assert.Equal((100L, 101L, "trace"), (step.From!.Value, step.Version, step.TraceParent));
        Assert.Equal(["192.0.2.2"], step.Announce.Select(assignment => assignment.Address.ToString()));
        Assert.Equal(["192.0.2.1"], step.Withdraw.Select(address => address.ToString()));
        Assert.False(_plan.HasUntold);
    }

    [Fact]
    public void A_shared_address_stays_until_its_last_service_goes()
    {
        _plan.Assign(Assignment("192.0.2.1", "web/a", 1));
        _plan.Assign(Assignment("192.0.2.1", "web/b", 2));
        _plan.Withdraw(ServiceName.Parse("web/a"), Address.Parse("192.0.2.1"), 1);
        Assert.Equal(1, _plan.Count);
        _plan.Withdraw(ServiceName.Parse("web/b"), Address.Parse("192.0.2.1"), 2);
        Assert.Equal(0, _plan.Count);
    }

    [Fact]
    public void A_withdrawal_that_is_older_than_the_assignment_is_left_alone()
    {
        _plan.Assign(Assignment("192.0.2.1", "web/a", 2));
        _plan.Withdraw(ServiceName.Parse("web/a"), Address.Parse("192.0.2.1"), 1);
        Assert.Equal(1, _plan.Count);
    }

    [Fact]
    public void The_same_assignment_again_is_no_news_and_answers_when_it_was_announced()
    {
        var at = new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);
        Assert.Null(_plan.Assign(Assignment("192.0.2.1", "web/a", 1)));
        _plan.Step(null);
        _plan.Announced(Address.Parse("192.0.2.1"), 1, at);
        Assert.Equal(at, _plan.Assign(Assignment("192.0.2.1", "web/a", 1)));
        Assert.False(_plan.HasUntold);
        Assert.Null(_plan.Assign(Assignment("192.0.2.1", "web/a", 2)));
        Assert.True(_plan.HasUntold);
    }

    [Fact]
    public void Versions_rise_although_the_clock_steps_back()
    {
        var first = _plan.Whole(100, null).Version;
        Assert.True(_plan.Whole(50, null).Version > first);
    }

    private static Assignment Assignment(string address, string service, long epoch) => new(Address.Parse(address), ServiceName.Parse(service), epoch, []);
}
