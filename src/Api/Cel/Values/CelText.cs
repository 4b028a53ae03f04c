using System.Globalization;
using System.Text;

namespace OrleansLb.Api.Cel.Values;

/// <summary>Scalars as text, written as Go writes them; and text as the code points that CEL counts in.</summary>
internal static class CelText
{
    /// <summary>What <c>string(x)</c> gives; null if the value has no such form.</summary>
    public static string? Write(CelValue value) => value switch
    {
        CelString { Value: var text } => text,
        CelBool { Value: var flag } => flag ? "true" : "false",
        CelInt { Value: var number } => number.ToString(CultureInfo.InvariantCulture),
        CelUint { Value: var number } => number.ToString(CultureInfo.InvariantCulture),
        CelDouble { Value: var real } => Real(real),
        CelTimestamp moment => CelTime.Write(moment),
        CelDuration span => CelTime.Write(span),
        CelTypeName { Name: var name } => name,
        CelIp { Value: var address } => address.ToString(),
        CelCidr cidr => string.Create(CultureInfo.InvariantCulture, $"{cidr.Address}/{cidr.Length}"),
        CelUrl { Text: var text } => text,
        _ => null,
    };

    /// <summary>The shortest form that reads back the same; an exponent below 1e-4 and from 1e6 on (<c>%g</c>).</summary>
    public static string Real(double value)
    {
        if (double.IsNaN(value)) return "NaN";
        if (double.IsInfinity(value)) return value > 0 ? "+Inf" : "-Inf";
        var (digits, exponent) = Shortest(Math.Abs(value));
        var sign = double.IsNegative(value) ? "-" : "";
        return sign + (exponent is < -4 or >= 6 ? Scientific(digits, exponent) : Plain(digits, exponent));
    }

    /// <summary>The significant digits, and the power of ten of the first of them.</summary>
    private static (string Digits, int Exponent) Shortest(double value)
    {
        if (value == 0) return ("0", 0);
        var parts = value.ToString("E16", CultureInfo.InvariantCulture).Split('E');
        for (var precision = 0; precision < 16; precision++)
        {
            var text = value.ToString($"E{precision}", CultureInfo.InvariantCulture);
            if (double.Parse(text, CultureInfo.InvariantCulture) != value) continue;
            parts = text.Split('E');
            break;
        }
        return (parts[0].Replace(".", "", StringComparison.Ordinal), int.Parse(parts[1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture));
    }

    private static string Scientific(string digits, int exponent)
    {
        var mantissa = digits.Length == 1 ? digits : $"{digits[0]}.{digits[1..]}";
        return string.Create(CultureInfo.InvariantCulture, $"{mantissa}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent):D2}");
    }

    private static string Plain(string digits, int exponent) => exponent switch
    {
        < 0 => $"0.{new string('0', -exponent - 1)}{digits}",
        _ when digits.Length <= exponent + 1 => digits.PadRight(exponent + 1, '0'),
        _ => $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}",
    };

    public static Rune[] Runes(string text) => [.. text.EnumerateRunes()];

    public static string Text(ReadOnlySpan<Rune> runes)
    {
        var text = new StringBuilder(runes.Length);
        foreach (var rune in runes) text.Append(rune.ToString());
        return text.ToString();
    }

    public static int Length(string text) => text.EnumerateRunes().Count();

    /// <summary>In double quotes, with control characters as escapes: how messages show text.</summary>
    public static string Quote(string text)
    {
        var quoted = new StringBuilder(text.Length + 2).Append('"');
        foreach (var c in text)
            if (@"\""".Contains(c)) quoted.Append('\\').Append(c);
            else if (Controls.IndexOf(c) is >= 0 and var at) quoted.Append('\\').Append(ControlLetters[at]);
            else quoted.Append(c);
        return quoted.Append('"').ToString();
    }

    private const string Controls = "\a\b\f\n\r\t\v";
    private const string ControlLetters = "abfnrtv";
}
