using System.Globalization;
using System.Text;
using OrleansLb.Api.Cel.Values;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>The verbs of <c>"…".format([…])</c>: %s %d %f %e %b %o %x %X and %%.</summary>
internal static class TextFormat
{
    private const int MaxPrecision = 100;

    public static CelValue Format(string pattern, CelList values, CostBudget budget)
    {
        var (result, next) = (new StringBuilder(), 0);
        for (var at = 0; at < pattern.Length; at++)
        {
            if (pattern[at] != '%')
            {
                result.Append(pattern[at]);
                continue;
            }
            var precision = Precision(pattern, ref at);
            if (at >= pattern.Length) return new CelError("could not parse formatting clause: unexpected end of string");
            if (pattern[at] == '%') result.Append('%');
            else if (next >= values.Count) return new CelError($"index {next} out of range");
            else if (Clause(pattern[at], precision, values[next++]) is { } text && budget.PayText(text.Length)) result.Append(text);
            else return new CelError($"error during formatting: could not format value with clause \"%{pattern[at]}\"");
        }
        return new CelString(result.ToString());
    }

    private static int Precision(string pattern, ref int at)
    {
        at++;
        if (at >= pattern.Length || pattern[at] != '.') return 6;
        var digits = pattern.Skip(at + 1).TakeWhile(char.IsAsciiDigit).ToArray();
        at += digits.Length + 1;
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var precision) ? Math.Min(precision, MaxPrecision) : 6;
    }

    private static string? Clause(char verb, int precision, CelValue value) => (verb, value) switch
    {
        ('s', _) => Shown(value),
        ('d', CelInt or CelUint) => CelText.Write(value),
        ('d' or 'f' or 'e', CelDouble { Value: var real }) when !double.IsFinite(real) => Shown(value),
        ('f', _) when Number(value) is { } real => real.ToString($"F{precision}", CultureInfo.InvariantCulture),
        ('e', _) when Number(value) is { } real => Scientific(real.ToString($"0.{new string('0', precision)}e-00", CultureInfo.InvariantCulture)),
        ('b', CelBool { Value: var flag }) => flag ? "1" : "0",
        ('b' or 'o' or 'x' or 'X', CelInt or CelUint) => InBase(verb, value),
        ('x', CelString { Value: var text }) => Convert.ToHexStringLower(Encoding.UTF8.GetBytes(text)),
        ('X', CelString { Value: var text }) => Convert.ToHexString(Encoding.UTF8.GetBytes(text)),
        ('x', CelBytes { Value: var bytes }) => Convert.ToHexStringLower(bytes.AsSpan()),
        ('X', CelBytes { Value: var bytes }) => Convert.ToHexString(bytes.AsSpan()),
        _ => null,
    };

    /// <summary>With the exponent as people write it: 3.140000×10⁰⁰.</summary>
    private static string Scientific(string text)
    {
        var parts = text.Split('e');
        return $"{parts[0]}×10{string.Concat(parts[1].Select(c => c == '-' ? '⁻' : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c - '0']))}";
    }

    private static double? Number(CelValue value) => value switch
    {
        CelDouble { Value: var real } => real,
        CelInt { Value: var number } => number,
        CelUint { Value: var number } => number,
        _ => null,
    };

    private static string InBase(char verb, CelValue value)
    {
        var (isNegative, size) = value is CelInt { Value: var number } ? (number < 0, (ulong)Int128.Abs(number)) : (false, ((CelUint)value).Value);
        var digits = verb switch
        {
            'b' => size.ToString("B", CultureInfo.InvariantCulture),
            'o' => Convert.ToString((long)size, 8),
            'x' => size.ToString("x", CultureInfo.InvariantCulture),
            _ => size.ToString("X", CultureInfo.InvariantCulture),
        };
        return isNegative ? $"-{digits}" : digits;
    }

    internal static string? Shown(CelValue value) => value switch
    {
        CelNull => "null",
        CelList list => $"[{string.Join(", ", list.Items.Select(Shown))}]",
        CelMap map =>
            $"{{{string.Join(", ", map.Keys.Select(key => $"{Shown(key)}: {Shown(map.Find(key) ?? CelValue.Null)}").Order(StringComparer.Ordinal))}}}",
        CelBytes { Value: var bytes } => Encoding.UTF8.GetString(bytes.AsSpan()),
        CelDouble { Value: var real } when double.IsInfinity(real) => real > 0 ? "Infinity" : "-Infinity",
        CelError => null,
        _ => CelText.Write(value),
    };
}
