using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using YamlDotNet.Core;

namespace OrleansLb.Kubernetes.Manifests;

/// <summary>
/// Gives plain YAML scalars the JSON type that Kubernetes' own reader gives them (YAML 1.1: <c>yes</c>, <c>on</c>, <c>0644</c>, <c>0x1F</c>, <c>1_000</c>).
/// </summary>
internal static partial class YamlScalars
{
    public static Scalar Resolve(YamlDotNet.Core.Events.Scalar scalar, int line)
    {
        if (Tagged(scalar, line) is { } tagged) return tagged;
        if (scalar.Style != ScalarStyle.Plain || scalar.IsQuotedImplicit) return new Scalar(scalar.Value, ScalarKind.String, line);
        return Plain(scalar.Value, line);
    }

    public static Scalar Plain(string text, int line) => text switch
    {
        "" or "~" or "null" or "Null" or "NULL" => new Scalar("null", ScalarKind.Null, line, text),
        "y" or "Y" or "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON" => new Scalar("true", ScalarKind.Boolean, line, text),
        "n" or "N" or "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF" => new Scalar("false", ScalarKind.Boolean, line, text),
        _ when Number(text) is { } number => new Scalar(number, ScalarKind.Number, line, text),
        _ => new Scalar(text, ScalarKind.String, line),
    };

    private static Scalar? Tagged(YamlDotNet.Core.Events.Scalar scalar, int line)
    {
        if (scalar.Tag.IsEmpty || scalar.Tag.IsNonSpecific) return null;
        return scalar.Tag.Value switch
        {
            "tag:yaml.org,2002:str" or "tag:yaml.org,2002:binary" or "tag:yaml.org,2002:timestamp" => new Scalar(scalar.Value, ScalarKind.String, line),
            "tag:yaml.org,2002:int" or "tag:yaml.org,2002:float" or "tag:yaml.org,2002:bool" or "tag:yaml.org,2002:null" => Plain(scalar.Value, line),
            _ => throw new MalformedDocumentException(line, $"the tag {scalar.Tag.Value} means nothing in a Kubernetes manifest; remove it."),
        };
    }

    private static string? Number(string text)
    {
        if (!(char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.')) return null;
        var plain = text.Replace("_", "", StringComparison.Ordinal);
        if (Integer(plain) is { } integer) return integer.ToString(CultureInfo.InvariantCulture);
        if (!Decimal().IsMatch(plain)) return null;
        return double.TryParse(plain, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value)
            ? value.ToString("R", CultureInfo.InvariantCulture)
            : null;
    }

    private static BigInteger? Integer(string text)
    {
        var negative = text[0] == '-';
        var digits = text.AsSpan(text[0] is '-' or '+' ? 1 : 0);
        var magnitude = digits switch
        {
            ['0', 'x' or 'X', .. var hex] => Digits(hex, 16),
            ['0', 'b' or 'B', .. var binary] => Digits(binary, 2),
            ['0', 'o' or 'O', .. var octal] => Digits(octal, 8),
            ['0', .. { Length: > 0 } octal] => Digits(octal, 8),
            _ => Digits(digits, 10),
        };
        return magnitude is { } value && value <= ulong.MaxValue ? (negative ? -value : value) : null;
    }

    private static BigInteger? Digits(ReadOnlySpan<char> digits, int radix)
    {
        if (digits.IsEmpty || digits.Length > 64) return null;
        var value = BigInteger.Zero;
        foreach (var digit in digits)
        {
            var number = char.IsAsciiHexDigit(digit) ? Convert.ToInt32(digit.ToString(), 16) : radix;
            if (number >= radix) return null;
            value = (value * radix) + number;
        }
        return value;
    }

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Decimal();
}
