using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Protocols.Tests.Bgp;

public class FsmTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Bgp", "testdata", "fsm");

    private static readonly string[] Events =
    [
        "start", "stop bye", "stop silently", "fail 6/10", "dialed", "dial failed", "accepted", "timer ConnectRetry", "timer IdleHold", "timer Stability",
        "timer Hold outgoing", "timer Keepalive outgoing", "timer SendHold outgoing", "timer Hold incoming", "timer Keepalive incoming",
        "timer SendHold incoming",
        .. new[] { "outgoing", "incoming" }.SelectMany(side => new[]
        {
            $"{side} open", $"{side} open as=1", $"{side} open graceful", $"{side} open id=192.0.0.9", $"{side} keepalive", $"{side} update",
            $"{side} fatal-update",
            $"{side} notification 6/4", $"{side} notification 2/4", $"{side} refresh ipv4", $"{side} malformed 1/1", $"{side} closed", $"{side} written",
        }),
    ];

    public static IEnumerable<TheoryDataRow<string>> Transcripts =>
        Directory.GetFiles(Folder, "*.txt").Order(StringComparer.Ordinal).Select(path => new TheoryDataRow<string>(Path.GetFileName(path)));

    [Fact]
    public void There_are_transcripts() => Assert.NotEmpty(Directory.GetFiles(Folder, "*.txt"));

    [Theory, MemberData(nameof(Transcripts))]
    public void The_state_machine_does_what_the_transcript_says(string file)
    {
        var expected = File.ReadAllText(Path.Combine(Folder, file));
        var played = FsmTranscript.Play(expected);
        File.WriteAllText(Path.Combine(Folder, file + ".played"), played);
        Assert.Equal(expected, played);
    }

    /// <summary>Every event in every state that any run of events reaches: none throws, and what is closed is gone.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Every_event_has_an_answer_in_every_state(bool passive)
    {
        var fsm = new BgpFsm(FsmTranscript.Speaker with { Passive = passive, StabilityTime = TimeSpan.FromSeconds(60) });
        var inputs = Events.Select(text => FsmWords.Event(text.Split(' '))).ToArray();
        var (seen, open) = (new HashSet<BgpState> { BgpState.Initial }, new Queue<BgpState>([BgpState.Initial]));
        while (open.TryDequeue(out var state))
        {
            foreach (var input in inputs)
            {
                var (next, effects) = fsm.Step(state, input);
                AssertSound(state, next, effects);
                next = next with { Failures = Math.Min(next.Failures, 2) }; // beyond that they only count
                if (seen.Add(next)) open.Enqueue(next);
            }
        }

        Assert.Equal(Enum.GetValues<BgpStateName>().Except(passive ? [BgpStateName.Connect] : []), seen.Select(state => state.Name).Distinct().Order());
    }

    private static void AssertSound(BgpState before, BgpState after, ValueList<BgpEffect> effects)
    {
        if (after.Phase is DialPhase.Stopped or DialPhase.Held) Assert.True(after is { Outgoing: null, Incoming: null });
        if (after.Session is not null) Assert.True(after.Outgoing is null || after.Incoming is null);
        foreach (var side in Enum.GetValues<Side>())
        {
            var ended = effects.OfType<BgpEffect.ConnectionEnded>().Count(effect => effect.Side == side);
            var begun = effects.OfType<BgpEffect.Send>().Count(effect => effect.Side == side && effect.Message is OpenMessage);
            Assert.Equal((before[side] is null ? 0 : 1) + begun - ended, after[side] is null ? 0 : 1);
            Assert.Equal(ended,
                effects.OfType<BgpEffect.ConnectionEnded>().Count(effect => effect.Side == side && effects.Contains(new BgpEffect.Close(side))));
        }

        var lost = effects.OfType<BgpEffect.ConnectionEnded>().Count(effect => effect.WasEstablished);
        var up = effects.OfType<BgpEffect.SessionUp>().Count();
        Assert.Equal((before.Session is null ? 0 : 1) + up - lost, after.Session is null ? 0 : 1);
    }
}
