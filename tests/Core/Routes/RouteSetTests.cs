using System.Globalization;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Routes;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Tests.Routes;

public class RouteSetTests
{
    private readonly RouteSet _set = new(Guid.NewGuid());
    private long _word;

    [Fact]
    public void A_reader_gets_only_what_it_has_not_seen()
    {
        Put(Name("a"), Service("a"));
        var first = _set.Since(default, complete: false);
        Put(Name("b"), Service("b"));
        Put(Name("a"), null);
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
        Assert.True(Put(Name("a"), Service("a")));
        Assert.False(Put(Name("a"), Service("a")));
        Assert.False(Put(Name("never"), null));
    }

    [Fact]
    public void A_position_of_another_set_gets_the_whole()
    {
        Put(Name("a"), Service("a"));
        var other = new RouteSet(Guid.NewGuid());
        other.Put(Name("b"), Service("b"), 1);
        var step = _set.Since(other.Position, complete: true);
        Assert.True(step.Whole);
        Assert.Equal([Name("a")], step.Changed.Select(service => service.Service));
    }

    [Fact]
    public void A_reader_that_is_far_behind_gets_the_whole_and_a_near_one_only_the_rest()
    {
        Put(Name("kept"), Service("kept"));
        var start = _set.Position;
        for (var i = 0; i < 5000; i++)
        {
            Put(Name($"s{i}"), Service($"s{i}"));
            Put(Name($"s{i}"), null);
        }
        var far = _set.Since(start, complete: true);
        Assert.True(far.Whole);
        Assert.Equal([Name("kept")], far.Changed.Select(service => service.Service));
        Assert.Single(_set.Since(_set.Position with { Version = _set.Position.Version - 2 }, complete: true).Gone);
    }

    [Fact]
    public void A_step_tells_what_led_to_the_last_of_its_changes_and_the_whole_set_tells_nothing_of_it()
    {
        Put(Name("a"), Service("a"), "trace-a");
        var first = _set.Since(default, complete: false);
        Put(Name("b"), Service("b"), "trace-b");
        Put(Name("a"), null, "trace-c");
        Assert.Null(first.TraceParent);
        Assert.Equal("trace-c", _set.Since(first.Position, complete: true).TraceParent);
        Assert.Null(_set.Since(_set.Position, complete: true).TraceParent);
    }

    /// <summary>Words as they come: the number of each, and whether the service is to be announced then.</summary>
    [Theory]
    [InlineData("1+ 2-", false, "an announcement, then its withdrawal")]
    [InlineData("2- 1+", false, "a withdrawal, then the announcement before it")]
    [InlineData("1+ 3- 1+", false, "likewise of one that was heard already")]
    [InlineData("1+ 3- 2+ 4+", true, "and the one after it")]
    [InlineData("2+ 1-", true, "an announcement, then the withdrawal before it")]
    [InlineData("1+ 1+", true, "an announcement twice")]
    [InlineData("1+ 1-", true, "a word of another activation under the same number")]
    [InlineData("1+ 3+ 2-", true, "an announcement that was said again after the withdrawal before it")]
    public void Of_what_a_service_says_the_last_word_stands_in_whatever_order_they_come(string words, bool announced, string because)
    {
        foreach (var word in words.Split(' '))
        {
            var (number, service) = (long.Parse(word[..^1], CultureInfo.InvariantCulture), word[^1] == '+' ? Service("a") : null);
            if (_set.Outdone(Name("a"), service, number) is null) _set.Put(Name("a"), service, number);
        }
        Assert.True(announced == (_set.Since(default, complete: true).Changed.Count == 1), because);
    }

    [Fact]
    public void A_word_that_is_outdone_is_told_by_which()
    {
        _set.Put(Name("a"), Service("a"), 5);
        Assert.Equal(5, _set.Outdone(Name("a"), null, 4));
        Assert.Equal(5, _set.Outdone(Name("a"), null, 5));
        Assert.Null(_set.Outdone(Name("a"), null, 6));
        Assert.Null(_set.Outdone(Name("b"), null, 1));
    }

    private bool Put(ServiceName name, RoutableService? service, string? traceParent = null) => _set.Put(name, service, ++_word, traceParent);

    private static ServiceName Name(string name) => new("default", name);

    private static RoutableService Service(string name) =>
        new(Name(name), [new(Address.Parse("192.0.2.1"), new("pool"))], Labels.None, TrafficPolicy.Cluster, [], 1);
}
