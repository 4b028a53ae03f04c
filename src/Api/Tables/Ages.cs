using System.Globalization;

namespace OrleansLb.Api.Tables;

/// <summary>Spans of time as kubectl shows them: two units at most, coarser as they grow.</summary>
internal static class Ages
{
    public static string Since(string? timestamp, DateTimeOffset now) =>
        DateTimeOffset.TryParse(timestamp, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var then) ? Show(now - then) : "<unknown>";

    public static string Show(TimeSpan span)
    {
        var (seconds, minutes, hours, days) = ((long)span.TotalSeconds, (long)span.TotalMinutes, (long)span.TotalHours, (long)span.TotalDays);
        return FormattableString.Invariant(span.TotalSeconds switch
        {
            < -1 => $"<invalid>",
            < 0 => $"0s",
            < 120 => $"{seconds}s",
            < 600 => seconds % 60 == 0 ? $"{minutes}m" : (FormattableString)$"{minutes}m{seconds % 60}s",
            < 10800 => $"{minutes}m",
            < 28800 => minutes % 60 == 0 ? $"{hours}h" : (FormattableString)$"{hours}h{minutes % 60}m",
            < 172800 => $"{hours}h",
            < 691200 => hours % 24 == 0 ? $"{days}d" : (FormattableString)$"{days}d{hours % 24}h",
            < 63072000 => $"{days}d",
            < 252288000 => days % 365 == 0 ? $"{days / 365}y" : (FormattableString)$"{days / 365}y{days % 365}d",
            _ => $"{days / 365}y",
        });
    }
}
