using System.Globalization;
using System.Text.RegularExpressions;
using OrleansLb.Api.Cel.Values;
using static OrleansLb.Api.Cel.Types.CelType;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>Kubernetes quantities such as <c>1500m</c>, <c>2Gi</c> and <c>1e3</c>: exact, and compared by value.</summary>
internal static partial class QuantityFunctions
{
    public static IEnumerable<Overload> All =>
    [
        Overload.Global("isQuantity", Bool, [Text], a => CelValue.Of(Parse(a.Text(0)) is not null)),
        Overload.Global("quantity", Quantity, [Text], a => Parse(a.Text(0)) is { } value ? new CelQuantity(value)
            : new CelError("quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'")),
        Overload.Member("sign", Int, [Quantity], a => new CelInt(Math.Sign(Value(a, 0)))),
        Overload.Member("isGreaterThan", Bool, [Quantity, Quantity], a => CelValue.Of(Value(a, 0) > Value(a, 1))),
        Overload.Member("isLessThan", Bool, [Quantity, Quantity], a => CelValue.Of(Value(a, 0) < Value(a, 1))),
        Overload.Member("compareTo", Int, [Quantity, Quantity], a => new CelInt(Value(a, 0).CompareTo(Value(a, 1)))),
        Overload.Member("asApproximateFloat", Real, [Quantity], a => new CelDouble((double)Value(a, 0))),
        Overload.Member("isInteger", Bool, [Quantity], a => CelValue.Of(IsWhole(Value(a, 0)))),
        Overload.Member("asInteger", Int, [Quantity],
            a => IsWhole(Value(a, 0)) ? new CelInt((long)Value(a, 0)) : new CelError("cannot convert value to integer")),
        Overload.Member("add", Quantity, [Quantity, Quantity], a => Sum(Value(a, 0), Value(a, 1))),
        Overload.Member("add", Quantity, [Quantity, Int], a => Sum(Value(a, 0), a.Int(1))),
        Overload.Member("sub", Quantity, [Quantity, Quantity], a => Sum(Value(a, 0), -Value(a, 1))),
        Overload.Member("sub", Quantity, [Quantity, Int], a => Sum(Value(a, 0), -(decimal)a.Int(1))),
    ];

    private static decimal Value(Arguments a, int index) => ((CelQuantity)a[index]).Value;

    private static bool IsWhole(decimal value) => decimal.Truncate(value) == value && value is >= long.MinValue and <= long.MaxValue;

    private static CelValue Sum(decimal left, decimal right) =>
        Math.Abs(left) < decimal.MaxValue / 2 && Math.Abs(right) < decimal.MaxValue / 2 ? new CelQuantity(left + right) : new CelError("quantity overflow");

    internal static decimal? Parse(string text)
    {
        if (Pattern().Match(text) is not { Success: true } match) return null;
        if (!decimal.TryParse(match.Groups["number"].Value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture,
            out var number))
        {
            return null;
        }
        if (Scale(match.Groups["suffix"].Value) is not { } scale) return null;
        return (double)Math.Abs(number) * (double)scale < 7e28 ? number * scale : null;
    }

    private static decimal? Scale(string suffix) => suffix switch
    {
        "" => 1,
        "n" => 1e-9m,
        "u" => 1e-6m,
        "m" => 1e-3m,
        "k" => 1e3m,
        "M" => 1e6m,
        "G" => 1e9m,
        "T" => 1e12m,
        "P" => 1e15m,
        "E" => 1e18m,
        "Ki" => 1L << 10,
        "Mi" => 1L << 20,
        "Gi" => 1L << 30,
        "Ti" => 1L << 40,
        "Pi" => 1L << 50,
        "Ei" => 1L << 60,
        _ when decimal.TryParse("1" + suffix, NumberStyles.Float, CultureInfo.InvariantCulture, out var power) && power > 0 => power,
        _ => null,
    };

    [GeneratedRegex(@"^(?<number>[+-]?([0-9]+\.?[0-9]*|\.[0-9]+))(?<suffix>[numkMGTPE]|[KMGTPE]i|[eE][+-]?[0-9]{1,2})?\z", RegexOptions.ExplicitCapture)]
    private static partial Regex Pattern();
}
