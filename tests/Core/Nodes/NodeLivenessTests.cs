using OrleansLb.Core.Nodes;

namespace OrleansLb.Core.Tests.Nodes;

public sealed class NodeLivenessTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Limit = TimeSpan.FromMilliseconds(75);
    private static readonly DateTimeOffset Start = new(2030, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static IEnumerable<TheoryDataRow<int[], bool>> Looks =>
    [
        new([25, 50], false) { TestDisplayName = "two intervals of silence are borne" },
        new([25, 50, 75], true) { TestDisplayName = "three are death" },
        new([30, 60, 90], true) { TestDisplayName = "looks that are a little late count whole" },
        new([1000, 2000, 3000, 4000], false) { TestDisplayName = "looks of a machine that stands still count nothing" },
        new([25, 50, 1050, 1075], true) { TestDisplayName = "one stall among looks in time only postpones" },
        new([50, 100, 150], false) { TestDisplayName = "looks twice as late as they should be count half" },
        new([10, 5, 10, 5, 10, 5, 10, 5], false) { TestDisplayName = "a clock that steps back adds nothing for the steps" },
    ];

    [Theory, MemberData(nameof(Looks))]
    public void Silence_is_counted_in_looks(int[] looks, bool dead)
    {
        var liveness = looks.Aggregate(NodeLiveness.Begin(Start), (state, at) => state.Look(Start + TimeSpan.FromMilliseconds(at), Interval));
        Assert.Equal(dead, liveness.IsDead(Limit));
    }

    [Fact]
    public void A_heartbeat_ends_the_silence()
    {
        var liveness = NodeLiveness.Begin(Start).Look(Start + Interval, Interval).Look(Start + (Interval * 2), Interval).Heard();
        Assert.False(liveness.Look(Start + (Interval * 3), Interval).IsDead(Limit));
    }

    [Fact]
    public void A_judge_that_waits_long_for_its_own_turn_excuses_the_silence()
    {
        var silent = Silent(NodeLiveness.Begin(Start));
        Assert.True(silent.Waited(Interval, Interval, Limit).IsDead(Limit)); // a turn in time excuses nothing
        Assert.False(silent.Waited(Interval * 2, Interval, Limit).IsDead(Limit));
    }

    [Fact]
    public void A_judge_that_is_slow_for_ever_finds_the_dead_too()
    {
        var liveness = NodeLiveness.Begin(Start);
        var verdicts = 0;
        while (!(liveness = Silent(liveness).Waited(Limit, Interval, Limit)).IsDead(Limit)) verdicts++;
        Assert.InRange(verdicts, 1, 2 * NodeLiveness.MostExcused);
        Assert.Equal(TimeSpan.Zero, liveness.Heard().Excused);
    }

    private static NodeLiveness Silent(NodeLiveness liveness)
    {
        for (var look = 0; look < 3; look++) liveness = liveness.Look(liveness.LookedAt + Interval, Interval);
        return liveness;
    }
}
