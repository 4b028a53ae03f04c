using System.Globalization;
using System.Text;
using OrleansLb.Api.Cel.Types;
using OrleansLb.Api.Cel.Values;
using static OrleansLb.Api.Cel.Types.CelType;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>The functions named after a type, which turn other values into it.</summary>
internal static class Conversion
{
    private static readonly CelError OutOfRange = new("integer overflow");
    private static readonly CelError OutOfUnsignedRange = new("unsigned integer overflow");

    public static IEnumerable<Overload> All =>
    [
        .. Integers, .. Reals, .. Texts, .. Times,
        Overload.Global("bool", Bool, [Bool], a => a[0]),
        Overload.Global("bool", Bool, [Text], a => ParseBool(a.Text(0))),
        Overload.Global("bytes", Bytes, [Bytes], a => a[0]),
        Overload.Global("bytes", Bytes, [Text], a => new CelBytes([.. Encoding.UTF8.GetBytes(a.Text(0))])),
        Overload.Global("dyn", Any, [Any], a => a[0]),
        Overload.Global("type", CelType.Type, [Any], a => new CelTypeName(a[0].Kind.Name())),
    ];

    private static Overload[] Integers =>
    [
        Overload.Global("int", Int, [Int], a => a[0]),
        Overload.Global("int", Int, [Uint], a => a.Uint(0) <= long.MaxValue ? new CelInt((long)a.Uint(0)) : OutOfRange),
        Overload.Global("int", Int, [Real], a => Math.Abs(a.Double(0)) < long.MaxValue ? new CelInt((long)a.Double(0)) : OutOfRange),
        Overload.Global("int", Int, [Text], a => long.TryParse(a.Text(0), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? new CelInt(number)
            : Unreadable("ParseInt", a.Text(0))),
        Overload.Global("int", Int, [Timestamp], a => new CelInt((long)CelTime.FloorDivide(a.Moment(0), CelTime.Second))),
        Overload.Global("int", Int, [Duration], a => new CelInt(a.Span(0))),
        Overload.Global("uint", Uint, [Uint], a => a[0]),
        Overload.Global("uint", Uint, [Int], a => a.Int(0) >= 0 ? new CelUint((ulong)a.Int(0)) : OutOfUnsignedRange),
        Overload.Global("uint", Uint, [Real], a => a.Double(0) is >= 0 and < ulong.MaxValue ? new CelUint((ulong)a.Double(0)) : OutOfUnsignedRange),
        Overload.Global("uint", Uint, [Text], a => ulong.TryParse(a.Text(0), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new CelUint(number)
            : Unreadable("ParseUint", a.Text(0))),
    ];

    private static Overload[] Reals =>
    [
        Overload.Global("double", Real, [Real], a => a[0]),
        Overload.Global("double", Real, [Int], a => new CelDouble(a.Int(0))),
        Overload.Global("double", Real, [Uint], a => new CelDouble(a.Uint(0))),
        Overload.Global("double", Real, [Text], a => ParseReal(a.Text(0))),
    ];

    private static Overload[] Texts =>
    [
        .. new[] { Text, Bool, Int, Uint, Real, Timestamp, Duration, Ip, Cidr }
            .Select(type => Overload.Global("string", Text, [type], a => new CelString(CelText.Write(a[0])!))),
        Overload.Global("string", Text, [Bytes], a => ReadUtf8(a.Bytes(0).AsSpan())),
    ];

    private static Overload[] Times =>
    [
        Overload.Global("duration", Duration, [Duration], a => a[0]),
        Overload.Global("duration", Duration, [Text], a =>
            CelTime.ParseDuration(a.Text(0)) is { } span ? new CelDuration(span) : new CelError($"time: invalid duration {CelText.Quote(a.Text(0))}")),
        Overload.Global("timestamp", Timestamp, [Timestamp], a => a[0]),
        Overload.Global("timestamp", Timestamp, [Int],
            a => (Int128)a.Int(0) * CelTime.Second is var moment && CelTime.InRange(moment) ? new CelTimestamp(moment) : new CelError("timestamp overflow")),
        Overload.Global("timestamp", Timestamp, [Text], a =>
            CelTime.ParseTimestamp(a.Text(0)) is { } moment
                ? new CelTimestamp(moment)
                : new CelError($"parsing time {CelText.Quote(a.Text(0))} as RFC 3339: cannot parse")),
    ];

    private static CelValue ParseBool(string text) => text switch
    {
        "1" or "t" or "T" or "true" or "TRUE" or "True" => CelValue.True,
        "0" or "f" or "F" or "false" or "FALSE" or "False" => CelValue.False,
        _ => Unreadable("ParseBool", text),
    };

    private static CelValue ParseReal(string text) => text.ToLowerInvariant() switch
    {
        "nan" => new CelDouble(double.NaN),
        "inf" or "+inf" or "infinity" or "+infinity" => new CelDouble(double.PositiveInfinity),
        "-inf" or "-infinity" => new CelDouble(double.NegativeInfinity),
        _ when double.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture,
            out var real)
            && double.IsFinite(real) => new CelDouble(real),
        _ => Unreadable("ParseFloat", text),
    };

    private static CelValue ReadUtf8(ReadOnlySpan<byte> bytes) =>
        System.Text.Unicode.Utf8.IsValid(bytes)
            ? new CelString(Encoding.UTF8.GetString(bytes))
            : new CelError("invalid UTF-8 in bytes, cannot convert to string");

    private static CelError Unreadable(string reader, string text) => new($"strconv.{reader}: parsing {CelText.Quote(text)}: invalid syntax");
}
