using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansLb.Kubernetes.Dialects.Fields;

/// <summary>A length of time as Go and Kubernetes write it: <c>90s</c>, <c>1m30s</c>, <c>1.5h</c>, <c>0</c>.</summary>
internal static partial class GoDuration
{
    /// <summary>Longer than any timer; keeps sums of units from overflowing.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text is "0" or "+0" or "-0") return true;
        if (Form().Match(text) is not { Success: true } match) return false;
        for (var i = 0; i < match.Groups["number"].Captures.Count; i++)
        {
            var number = double.Parse(match.Groups["number"].Captures[i].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture);
            var seconds = number * SecondsPer(match.Groups["unit"].Captures[i].Value);
            if (!(seconds <= Longest.TotalSeconds)) return false;
            duration += TimeSpan.FromSeconds(seconds);
        }
        if (text[0] == '-') duration = -duration;
        return duration <= Longest;
    }

    private static double SecondsPer(string unit) => unit switch
    {
        "h" => 3600,
        "m" => 60,
        "s" => 1,
        "ms" => 1e-3,
        "ns" => 1e-9,
        _ => 1e-6,
    };

    [GeneratedRegex(@"^[-+]?((?<number>[0-9]+\.?[0-9]*|\.[0-9]+)(?<unit>ns|us|µs|μs|ms|s|m|h)){1,8}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
