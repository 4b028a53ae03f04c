using System.Globalization;
using System.Text.RegularExpressions;

namespace OrleansLb.Api.Cel.Values;

/// <summary>Moments (RFC 3339) and spans of time (as Go writes them) as text and as nanoseconds.</summary>
internal static partial class CelTime
{
    public const long Second = 1_000_000_000;
    private const long TicksToNanoseconds = 100;

    public static Int128 FirstMoment { get; } = -(Int128)62135596800 * Second;
    public static Int128 LastMoment { get; } = ((Int128)253402300799 * Second) + Second - 1;

    public static bool InRange(Int128 nanoseconds) => nanoseconds >= FirstMoment && nanoseconds <= LastMoment;

    /// <summary>The moment without what .NET cannot hold: less than 100 ns.</summary>
    public static DateTime ToDateTime(Int128 nanoseconds) => DateTime.UnixEpoch.AddTicks((long)FloorDivide(nanoseconds, TicksToNanoseconds));

    public static Int128 FloorDivide(Int128 value, long divisor) => value >= 0 ? value / divisor : -((-value + divisor - 1) / divisor);

    public static Int128? ParseTimestamp(string text)
    {
        if (Rfc3339().Match(text) is not { Success: true } match) return null;
        if (!DateTimeOffset.TryParseExact(match.Groups["whole"].Value.ToUpperInvariant() + match.Groups["zone"].Value.ToUpperInvariant(),
            ["yyyy-MM-dd'T'HH:mm:ssK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var whole)) return null;
        var fraction = match.Groups["fraction"].Value.PadRight(9, '0')[..9];
        var moment = ((Int128)whole.ToUnixTimeSeconds() * Second) + long.Parse(fraction, CultureInfo.InvariantCulture);
        return InRange(moment) ? moment : null;
    }

    public static string Write(CelTimestamp moment)
    {
        var seconds = FloorDivide(moment.Nanoseconds, Second);
        var fraction = (long)(moment.Nanoseconds - (seconds * Second));
        var text = ToDateTime(seconds * Second).ToString("yyyy-MM-dd'T'HH:mm:ss", CultureInfo.InvariantCulture);
        return fraction == 0 ? $"{text}Z" : string.Create(CultureInfo.InvariantCulture, $"{text}.{fraction:D9}").TrimEnd('0') + "Z";
    }

    /// <summary>The span as seconds, without an exponent.</summary>
    public static string Write(CelDuration span) => ((decimal)span.Nanoseconds / Second).ToString("0.#########", CultureInfo.InvariantCulture) + "s";

    /// <summary>Reads <c>-1h2m3.5s</c>; with days and weeks where a schema's format allows them.</summary>
    public static long? ParseDuration(string text, bool withDays = false)
    {
        var digits = text.AsSpan().TrimStart("+-");
        if (text.Length - digits.Length > 1) return null;
        if (digits is "0") return 0;
        if (Span().Match(digits.ToString()) is not { Success: true } match) return null;
        decimal total = 0;
        for (var i = 0; i < match.Groups["number"].Captures.Count; i++)
        {
            if (Unit(match.Groups["unit"].Captures[i].Value, withDays) is not { } unit) return null;
            if (!decimal.TryParse(match.Groups["number"].Captures[i].Value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
                return null;
            if (number > long.MaxValue / unit) return null;
            total += number * unit;
        }
        if (total > long.MaxValue) return null;
        return text[0] == '-' ? -(long)total : (long)total;
    }

    private static long? Unit(string name, bool withDays) => name switch
    {
        "ns" => 1,
        "us" or "µs" or "μs" => 1000,
        "ms" => 1_000_000,
        "s" => Second,
        "m" => 60 * Second,
        "h" => 3600 * Second,
        "d" when withDays => 24 * 3600 * Second,
        "w" when withDays => 7 * 24 * 3600 * Second,
        _ => null,
    };

    [GeneratedRegex(@"^(?<whole>[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2})(\.(?<fraction>[0-9]+))?(?<zone>[Zz]|[+-][0-9]{2}:[0-9]{2})\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Rfc3339();

    [GeneratedRegex(@"^((?<number>[0-9]+(\.[0-9]*)?|\.[0-9]+)(?<unit>[a-zµμ]+))+\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Span();
}
