using System.Globalization;
using OrleansLb.Api.Cel.Types;
using OrleansLb.Api.Cel.Values;
using static OrleansLb.Api.Cel.Types.CelType;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>The parts of a moment, in UTC or a named or fixed zone, and the lengths of a span.</summary>
internal static class TimeFunctions
{
    public static IEnumerable<Overload> All =>
    [
        .. Part("getFullYear", time => time.Year),
        .. Part("getMonth", time => time.Month - 1),
        .. Part("getDate", time => time.Day),
        .. Part("getDayOfMonth", time => time.Day - 1),
        .. Part("getDayOfYear", time => time.DayOfYear - 1),
        .. Part("getDayOfWeek", time => (long)time.DayOfWeek),
        .. Part("getHours", time => time.Hour),
        .. Part("getMinutes", time => time.Minute),
        .. Part("getSeconds", time => time.Second),
        .. Part("getMilliseconds", time => time.Millisecond),
        Overload.Member("getHours", Int, [Duration], a => new CelInt(a.Span(0) / (3600 * CelTime.Second))),
        Overload.Member("getMinutes", Int, [Duration], a => new CelInt(a.Span(0) / (60 * CelTime.Second))),
        Overload.Member("getSeconds", Int, [Duration], a => new CelInt(a.Span(0) / CelTime.Second)),
        Overload.Member("getMilliseconds", Int, [Duration], a => new CelInt(a.Span(0) / 1_000_000)),
    ];

    private static Overload[] Part(string name, Func<DateTime, long> part) =>
    [
        Overload.Member(name, Int, [Timestamp], a => new CelInt(part(CelTime.ToDateTime(a.Moment(0))))),
        Overload.Member(name, Int, [Timestamp, Text], a => InZone(CelTime.ToDateTime(a.Moment(0)), a.Text(1), part)),
    ];

    private static CelValue InZone(DateTime utc, string zone, Func<DateTime, long> part)
    {
        if (Offset(utc, zone) is not { } offset) return new CelError($"unknown time zone {zone}");
        var ticks = utc.Ticks + offset.Ticks;
        return ticks >= DateTime.MinValue.Ticks && ticks <= DateTime.MaxValue.Ticks ? new CelInt(part(new(ticks))) : new CelError("timestamp overflow");
    }

    private static TimeSpan? Offset(DateTime utc, string zone)
    {
        if (zone is "" or "UTC") return TimeSpan.Zero;
        var isWest = zone[0] == '-';
        if (TimeSpan.TryParseExact(zone.TrimStart('+', '-'), @"hh\:mm", CultureInfo.InvariantCulture, out var offset)) return isWest ? -offset : offset;
        return TimeZoneInfo.TryFindSystemTimeZoneById(zone, out var found) ? found.GetUtcOffset(utc) : null;
    }
}
