using OrleansLb.Core.Addressing;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Lab.Tests.Story;

/// <summary>
/// Answers to a question asked every 20 ms, and what they say about who held the address. In the texts each mark is one question: who answered it, if anybody.
/// </summary>
public sealed class HolderTimelineTests
{
    private static readonly Address Address = Address.Parse("192.0.2.1");
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Delay = TimeSpan.FromMilliseconds(1);

    [Theory]
    [InlineData("AAAAAAAAAA", 1, 1, 0)]
    [InlineData("AAAA....BBBB", 2, 81, 0)]
    [InlineData("AAAA*BBBBBB", 2, 1, 1)]
    [InlineData("AAAA................AAAA", 2, 321, 0)]
    [InlineData("....", 0, 80, 0)]
    [InlineData("AAAA....", 1, 80, 0)]
    public void Holders_silence_and_overlap_are_told(string marks, int holdings, int silenceMs, int contests)
    {
        var timeline = Of(marks);

        Assert.Equal(holdings, timeline.Holdings.Count);
        Assert.Equal(TimeSpan.FromMilliseconds(silenceMs), timeline.LongestSilence);
        Assert.Equal(contests, timeline.Contests.Count);
    }

    [Fact]
    public void At_a_hand_over_the_contest_lasts_from_the_first_answer_of_the_new_holder_to_the_last_of_the_old_one()
    {
        var contest = Assert.Single(Of("AAAA***BBBB").Contests);

        Assert.Equal((Mac('A'), Mac('B')), (contest.Earlier, contest.Later));
        Assert.Equal(4 * Interval + Delay, contest.From);
        Assert.Equal(2 * Interval, contest.Length);
    }

    [Fact]
    public void One_stale_answer_amid_those_of_the_holder_is_a_contest_of_no_length()
    {
        var contest = Assert.Single(Of("AAAA............BBBBBBBB*BBBBBBBB").Contests);

        Assert.Equal((Mac('B'), Mac('A')), (contest.Earlier, contest.Later));
        Assert.Equal(TimeSpan.Zero, contest.Length);
    }

    [Fact]
    public void A_pause_in_the_asking_is_no_silence()
    {
        TimeSpan[] questions = [TimeSpan.Zero, Interval, 50 * Interval];
        var timeline = HolderTimeline.Of(Address, questions, [.. questions.Select(at => (at + Delay, Mac('A')))], 51 * Interval);

        Assert.Equal(Delay, timeline.LongestSilence);
        Assert.Equal("A" + new string(' ', 48) + "A", timeline.Draw(51, _ => 'A')[1..]);
    }

    [Theory]
    [InlineData("AAAA....BBBB", "AAAA····BBBB")]
    [InlineData("AA**BB", "AA!!BB")]
    public void It_is_drawn_one_mark_for_each_slice(string marks, string drawn) =>
        Assert.Equal(drawn, Of(marks).Draw(marks.Length, mac => (char)mac.Value));

    private static HolderTimeline Of(string marks)
    {
        var questions = Enumerable.Range(0, marks.Length).Select(index => index * Interval).ToList();
        var answers = marks.Select((mark, index) => (mark, At: (index * Interval) + Delay))
            .SelectMany(answer => HoldersOf(answer.mark).Select(holder => (answer.At, Mac(holder)))).ToList();
        return HolderTimeline.Of(Address, questions, answers, marks.Length * Interval);
    }

    private static string HoldersOf(char mark) => mark switch { '.' => "", '*' => "AB", _ => mark.ToString() };

    private static MacAddress Mac(char name) => new(name);
}
