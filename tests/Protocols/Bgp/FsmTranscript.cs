using System.Globalization;
using System.Text;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Protocols.Tests.Bgp;

/// <summary>
/// Plays a transcript: lines that begin with "settings" choose the speaker, lines that begin with "&gt;" are events, and after each
/// event stand the state and the effects that follow from it.
/// </summary>
internal sealed class FsmTranscript
{
    private readonly StringBuilder _played = new();
    private SpeakerSettings _settings = Speaker;
    private BgpState _state = BgpState.Initial;

    public static SpeakerSettings Speaker { get; } = new()
    {
        LocalAsn = new(64500), RouterId = RouterId.Parse("192.0.2.1"), PeerAs = PeerAs.Exactly(new(64501)), Families = [Family.Ipv4Unicast, Family.Ipv6Unicast],
    };

    /// <summary>The transcript as the state machine would have written it.</summary>
    public static string Play(string transcript)
    {
        var player = new FsmTranscript();
        foreach (var line in transcript.Split('\n')) player.Line(line);
        return player._played.ToString().TrimEnd('\n') + "\n";
    }

    private void Line(string line)
    {
        if (line.StartsWith('=') || line.StartsWith(' ')) return; // what was expected
        _played.Append(line).Append('\n');
        if (line.StartsWith("settings ", StringComparison.Ordinal)) _settings = line.Split(' ')[1..].Aggregate(_settings, Setting);
        if (line.StartsWith("> ", StringComparison.Ordinal)) Event(line[2..]);
    }

    private void Event(string text)
    {
        (_state, var effects) = new BgpFsm(_settings).Step(_state, FsmWords.Event(text.Split(' ')));
        _played.Append("= ").Append(_state.Name).Append(_state.Failures == 0 ? "" : $" after {_state.Failures} failures").Append('\n');
        foreach (var effect in effects) _played.Append("  ").Append(FsmWords.Say(effect)).Append('\n');
    }

    private static SpeakerSettings Setting(SpeakerSettings settings, string word) => word.Split('=') switch
    {
        ["passive"] => settings with { Passive = true },
        ["internal"] => settings with { PeerAs = PeerAs.Internal },
        ["any"] => settings with { PeerAs = PeerAs.Any },
        ["role", var role] => settings with { Role = Enum.Parse<BgpRole>(role) },
        ["strict"] => settings with { StrictRole = true },
        ["graceful"] => settings with { GracefulRestart = new(TimeSpan.FromSeconds(120)) },
        ["hold", var seconds] => settings with { HoldTime = seconds == "0" ? null : TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)) },
        ["keepalive", var seconds] => settings with { KeepaliveTime = TimeSpan.FromSeconds(int.Parse(seconds, CultureInfo.InvariantCulture)) },
        _ => throw new FormatException($"no such setting: {word}"),
    };
}
