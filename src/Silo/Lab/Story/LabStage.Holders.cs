using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Silo.Lab.Network;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>The part of the story that the witness tells: who answered for which address when.</summary>
internal sealed partial class LabStage
{
    private const int TimelineWidth = 72;
    private const int MaxWatched = 8;
    private const char StrangerMark = 'x';
    private const string NodeMarks = "123456789abcdefghijklmnopqrstuvwyz";

    private readonly List<AddressTimeline> _timelines = [];
    private List<Address> _watched = [];
    private long _watchedSince;

    public IReadOnlyList<AddressTimeline> Timelines => _timelines;

    /// <summary>From now on the witness asks for every announced address, of very many for some; done when each has been answered by its announcer.</summary>
    public async Task Watch(CancellationToken cancellation)
    {
        var announcers = await Announcers();
        var every = Math.Max(1, announcers.Count / MaxWatched);
        _watched = [.. announcers.Keys.Order().Where((_, index) => index % every == 0)];
        _watchedSince = time.GetTimestamp();
        network.Witness.Ask(_watched);
        foreach (var address in _watched) await ExpectAnswer(address, announcers[address], _watchedSince, cancellation);
        narrator.Say($"from now on a witness asks every {Witness.Interval.TotalMilliseconds:0} ms who has {List(_watched)}");
    }

    /// <summary>
    /// Draws who answered for each watched address, and holds it against what must be true: two nodes never answer for longer than
    /// <paramref name="window"/>, and there is never nobody for longer than <paramref name="silence"/>.
    /// </summary>
    public void ExpectOneHolder(TimeSpan window, TimeSpan silence)
    {
        narrator.Step("Who answered for which address when");
        var timelines = TimelinesOf();
        network.Witness.Ask([]);
        _timelines.AddRange(timelines.Select(Report));
        Draw(timelines);
        foreach (var timeline in timelines)
        {
            if (timeline.LongestSilence > silence)
                throw new UnexpectedException($"{timeline.Address} never unanswered for longer than {silence.TotalMilliseconds:0} ms",
                    $"nobody for {timeline.LongestSilence.TotalMilliseconds:0} ms");
            var worst = timeline.Contests.Where(contest => AreNodes(contest)).MaxBy(contest => contest.Length);
            if (worst?.Length > window)
                throw new UnexpectedException($"{timeline.Address} with two holders for {window.TotalMilliseconds:0} ms at most", Describe(worst));
        }
        narrator.Seen($"nobody answered for {timelines.Max(timeline => timeline.LongestSilence).TotalMilliseconds:0} ms at most, two nodes at once for "
            + $"{LongestContest(timelines).TotalMilliseconds:0} ms at most");
    }

    private async Task ExpectAnswer(Address address, NodeName node, long since, CancellationToken cancellation)
    {
        var mac = network.Plan.MacOf(node);
        await Eventually.See($"an answer of {node} for {address}",
            late => network.Witness.First(sighting => sighting.Address == address && sighting.Mac == mac && sighting.At >= since, late),
            () => Task.FromResult(
                List(network.Witness.Since(since).Where(sighting => sighting.Address == address).Select(sighting => network.Plan.NameOf(sighting.Mac))
                    .Distinct()) is { Length: > 0 } others ? $"answers of {others}" : "no answer"),
            cancellation);
    }

    private List<HolderTimeline> TimelinesOf()
    {
        var length = time.GetElapsedTime(_watchedSince);
        var answers = network.Witness.Since(_watchedSince)
            .ToLookup(sighting => sighting.Address, sighting => (time.GetElapsedTime(_watchedSince, sighting.At), sighting.Mac));
        List<TimeSpan> questions = [.. network.Witness.AskedSince(_watchedSince).Select(at => time.GetElapsedTime(_watchedSince, at))];
        return [.. _watched.Select(address => HolderTimeline.Of(address, questions, [.. answers[address]], length))];
    }

    private void Draw(List<HolderTimeline> timelines)
    {
        var nodes = List(network.Plan.Nodes.Select(node => $"{MarkOf(MacAddress.Parse(node.Mac))} {node.Name}"));
        narrator.Say($"one mark for each {timelines[0].Length.TotalMilliseconds / TimelineWidth:0} ms: {nodes}, {StrangerMark} a stranger, ! two at once, "
            + "· nobody, blank not asked");
        foreach (var timeline in timelines) narrator.Say($"{timeline.Address,-18} {timeline.Draw(TimelineWidth, MarkOf)}");
        foreach (var contest in timelines.SelectMany(timeline => timeline.Contests.Select(contest => $"{timeline.Address}: {Describe(contest)}")))
            narrator.Say(contest);
    }

    private char MarkOf(MacAddress mac) => network.Plan.NodeOf(mac) is { } node
        ? NodeMarks[network.Plan.Nodes.ToList().FindIndex(machine => machine.Name == node.Value) % NodeMarks.Length]
        : StrangerMark;

    private bool AreNodes(Contest contest) => network.Plan.NodeOf(contest.Earlier) is not null && network.Plan.NodeOf(contest.Later) is not null;

    private TimeSpan LongestContest(List<HolderTimeline> timelines) =>
        timelines.SelectMany(timeline => timeline.Contests).Where(AreNodes).Select(contest => contest.Length).DefaultIfEmpty().Max();

    private string Describe(Contest contest) =>
        $"{network.Plan.NameOf(contest.Earlier)} and {network.Plan.NameOf(contest.Later)} both answered for {contest.Length.TotalMilliseconds:0} ms, "
            + $"{contest.From.TotalMilliseconds:0} ms after the beginning";

    private AddressTimeline Report(HolderTimeline timeline) => new(
        timeline.Address.ToString(),
        Round(timeline.Length.TotalMilliseconds),
        [.. timeline.Holdings.Select(holding =>
            new HolderSpan(network.Plan.NameOf(holding.Holder), Round(holding.From.TotalMilliseconds), Round(holding.To.TotalMilliseconds), holding.Answers))],
        Round(timeline.LongestSilence.TotalMilliseconds),
        Round(LongestContest([timeline]).TotalMilliseconds));

    private static string List<T>(IEnumerable<T> items) => string.Join(", ", items);
}
