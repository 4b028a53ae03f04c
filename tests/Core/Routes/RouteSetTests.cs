using OrleansLb.Core.Addressing;
using OrleansLb.Core.Routes;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Tests.Routes;

public class RouteSetTests
{
    private readonly RouteSet _set = new(Guid.NewGuid());

    [Fact]
    public void A_reader_gets_only_what_it_has_not_seen()
    {
        _set.Put(Name("a"), Service("a"));
        var first = _set.Since(default, complete: false);
        _set.Put(Name("b"), Service("b"));
        _set.Put(Name("a"), null);
        var next = _set.Since(first.Position, complete: true);
        Assert.True(first.Whole);
        Assert.False(next.Whole);
        Assert.Equal([Name("b")], next.Changed.Select(service => service.Service));
        Assert.Equal([Name("a")], next.Gone);
        Assert.Empty(_set.Since(next.Position, complete: true).Changed);
    }

    [Fact]
    public void What_did_not_change_is_no_news()
    {
        Assert.True(_set.Put(Name("a"), Service("a")));
        Assert.False(_set.Put(Name("a"), Service("a")));
        Assert.False(_set.Put(Name("never"), null));
    }

    [Fact]
    public void A_position_of_another_set_gets_the_whole()
    {
        _set.Put(Name("a"), Service("a"));
        var other = new RouteSet(Guid.NewGuid());
        other.Put(Name("b"), Service("b"));
        var step = _set.Since(other.Position, complete: true);
        Assert.True(step.Whole);
        Assert.Equal([Name("a")], step.Changed.Select(service => service.Service));
    }

    [Fact]
    public void A_reader_that_is_far_behind_gets_the_whole_and_a_near_one_only_the_rest()
    {
        _set.Put(Name("kept"), Service("kept"));
        var start = _set.Position;
        for (var i = 0; i < 5000; i++)
        {
            _set.Put(Name($"s{i}"), Service($"s{i}"));
            _set.Put(Name($"s{i}"), null);
        }
        var far = _set.Since(start, complete: true);
        Assert.True(far.Whole);
        Assert.Equal([Name("kept")], far.Changed.Select(service => service.Service));
        Assert.Single(_set.Since(_set.Position with { Version = _set.Position.Version - 2 }, complete: true).Gone);
    }

    [Fact]
    public void A_step_tells_what_led_to_the_last_of_its_changes_and_the_whole_set_tells_nothing_of_it()
    {
        _set.Put(Name("a"), Service("a"), "trace-a");
        var first = _set.Since(default, complete: false);
        _set.Put(Name("b"), Service("b"), "trace-b");
        _set.Put(Name("a"), null, "trace-c");
        Assert.Null(first.TraceParent);
        Assert.Equal("trace-c", _set.Since(first.Position, complete: true).TraceParent);
        Assert.Null(_set.Since(_set.Position, complete: true).TraceParent);
    }

    private static ServiceName Name(string name) => new("default", name);

    private static RoutableService Service(string name) =>
        new(Name(name), [new(Address.Parse("192.0.2.1"), new("pool"))], Labels.None, TrafficPolicy.Cluster, [], 1);
}
