using OrleansLb.Core;
using OrleansLb.Grains.Routes;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Tests;

/// <summary>For whom a set of routes waits: services until it is complete, nodes until they have heard.</summary>
public sealed class RouteWaitingTests
{
    /// <summary>A word each: services that are called together as <c>?ab</c>, that answer as <c>a</c>, and <c>end</c>.</summary>
    [Theory]
    [InlineData("", false, "", "before anybody is called nothing is over")]
    [InlineData("?", true, "", "where there is nobody to call, it is over")]
    [InlineData("?ab", false, "ab", "all that are called are waited for")]
    [InlineData("?ab b", false, "a", "until they have answered")]
    [InlineData("?ab b a", true, "", "the last of them ends it")]
    [InlineData("b a", false, "", "nobody knows whether all have answered before all are called")]
    [InlineData("b a ?ab", true, "", "who answered before is not waited for")]
    [InlineData("b ?ab b", false, "a", "who answers twice counts once")]
    [InlineData("?ab c", false, "ab", "who was not called is not counted")]
    [InlineData("?ab b ?abc", false, "ac", "a later call adds those that have come")]
    [InlineData("?ab ?b a b", true, "", "and takes nobody away")]
    [InlineData("?ab end", true, "", "patience has an end")]
    [InlineData("?ab end ?c", true, "", "after which nobody is called any more")]
    public void A_roll_is_over_when_all_have_answered(string words, bool over, string silent, string because)
    {
        var ends = 0;
        var roll = new RollCall(() => ends++);
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (word == "end") roll.End();
            else if (word[0] == '?') roll.Call(word[1..].Select(Name));
            else roll.Answer(Name(word[0]));
        }
        Assert.True((over, over ? 1 : 0) == (roll.IsOver, ends), because);
        Assert.Equal(silent.Select(Name), roll.Silent);
    }

    [Fact]
    public void A_node_that_does_not_answer_delays_no_other_and_is_told_again_once_it_has()
    {
        var calls = new Calls();
        calls.Readers.Note(new("node1"));
        calls.Readers.Note(new("node2"));
        calls.Readers.Note(new("node1"));
        calls.Tell();
        calls.Answer("node2");
        calls.Tell();
        calls.Tell();
        Assert.Equal(["node1", "node2", "node2"], calls.Made);
        calls.Answer("node1");
        Assert.Equal(["node1", "node2", "node2", "node1"], calls.Made); // once for all that came meanwhile
        Assert.Empty(calls.PutOff);
    }

    [Fact]
    public void A_node_that_was_not_told_is_told_again_later_each_time_until_it_has_heard()
    {
        var calls = new Calls();
        calls.Readers.Note(new("node1"));
        calls.Tell();
        calls.Fail("node1");
        calls.Again();
        calls.Fail("node1");
        Assert.Equal(["node1", "node1"], calls.Made);
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)], calls.PutOff);
        calls.Again();
        calls.Answer("node1");
        calls.Tell();
        calls.Fail("node1");
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1)], calls.PutOff); // from the start again
    }

    private static ServiceName Name(char letter) => new("web", letter.ToString());

    /// <summary>Calls that end when the test says so.</summary>
    private sealed class Calls
    {
        private readonly TurnsByHand _turns = new();
        private readonly Dictionary<string, TaskCompletionSource> _open = [];
        private Func<Task> _again = () => Task.CompletedTask;

        public Calls() => Readers = new(
            node =>
            {
                Made.Add(node.Value);
                return (_open[node.Value] = new(TaskCreationOptions.RunContinuationsAsynchronously)).Task;
            },
            () => new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(8)),
            (_, _, delay, again) =>
            {
                PutOff.Add(delay);
                _again = again;
            });

        public RouteReaders Readers { get; }

        public List<string> Made { get; } = [];

        public List<TimeSpan> PutOff { get; } = [];

        public void Tell() => _turns.Run(Readers.TellSoon);

        public void Answer(string node) => _turns.Run(_open[node].SetResult);

        public void Fail(string node) => _turns.Run(() => _open[node].SetException(new TimeoutException()));

        public void Again() => _turns.Run(() => _ = _again());
    }
}
