using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>Who answered for an address, from when to when: made of single answers, each with its time.</summary>
/// <param name="Length">From the first question to the end.</param>
/// <param name="LongestSilence">From a question that nobody answered to the next answer.</param>
internal sealed record HolderTimeline(
    Address Address, TimeSpan Length, EquatableList<TimeSpan> Questions, EquatableList<Holding> Holdings, EquatableList<Contest> Contests,
    TimeSpan LongestSilence)
{
    /// <summary>A station that has not answered for so long held the address no longer; well above the time between two questions.</summary>
    public static readonly TimeSpan Break = TimeSpan.FromMilliseconds(200);

    private const char Nobody = '·';
    private const char NotAsked = ' ';
    private const char Several = '!';

    /// <param name="questions">When it was asked, in order.</param>
    /// <param name="answers">In the order of their times.</param>
    public static HolderTimeline Of(Address address, IReadOnlyList<TimeSpan> questions, IReadOnlyList<(TimeSpan At, MacAddress Holder)> answers,
        TimeSpan length)
    {
        var holdings = answers.GroupBy(answer => answer.Holder, answer => answer.At)
            .SelectMany(holder => Unbroken(holder.Key, [.. holder]))
            .OrderBy(holding => holding.From).ToList();
        var silence = LongestWait(questions, [.. answers.Select(answer => answer.At)], length);
        return new(address, length, questions.ToEquatableList(), holdings.ToEquatableList(), ContestsOf(holdings).ToEquatableList(), silence);
    }

    /// <summary>One mark for each slice of the time: who answered in it.</summary>
    public string Draw(int width, Func<MacAddress, char> markOf)
    {
        var slice = Length / width;
        return string.Concat(Enumerable.Range(0, width).Select(index => MarkOf(slice * index, slice * (index + 1), markOf)));
    }

    private char MarkOf(TimeSpan from, TimeSpan to, Func<MacAddress, char> markOf)
    {
        var holders = Holdings.Where(holding => holding.From < to && holding.To >= from).Select(holding => holding.Holder).Distinct().ToList();
        return holders.Count switch
        {
            0 => Questions.Any(at => at >= from && at < to) ? Nobody : NotAsked,
            1 => markOf(holders[0]),
            _ => Several,
        };
    }

    /// <summary>A pause in the asking is no silence: it counts from the first question after an answer.</summary>
    private static TimeSpan LongestWait(IReadOnlyList<TimeSpan> questions, List<TimeSpan> answers, TimeSpan length)
    {
        var (longest, next) = (TimeSpan.Zero, 0);
        foreach (var answer in answers.Append(length))
        {
            if (next < questions.Count && questions[next] <= answer && answer - questions[next] > longest) longest = answer - questions[next];
            while (next < questions.Count && questions[next] <= answer) next++;
        }
        return longest;
    }

    private static IEnumerable<Holding> Unbroken(MacAddress holder, List<TimeSpan> moments)
    {
        var first = 0;
        for (var index = 1; index <= moments.Count; index++)
        {
            if (index < moments.Count && moments[index] - moments[index - 1] <= Break) continue;
            yield return new(holder, moments[first], moments[index - 1], index - first);
            first = index;
        }
    }

    private static IEnumerable<Contest> ContestsOf(List<Holding> holdings) =>
        from earlier in holdings
        from later in holdings
        where earlier.Holder != later.Holder && later.From <= earlier.To
            && (earlier.From, earlier.Holder.Value).CompareTo((later.From, later.Holder.Value)) < 0
        select new Contest(earlier.Holder, later.Holder, later.From, (earlier.To < later.To ? earlier.To : later.To) - later.From);
}
