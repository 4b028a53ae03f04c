using OrleansLb.Api.Cel.Values;
using static OrleansLb.Api.Cel.Types.CelType;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>Regular expressions: matching as CEL has it, finding as Kubernetes adds it. A match may begin anywhere.</summary>
internal static class RegexFunctions
{
    public static IEnumerable<Overload> All =>
    [
        Overload.Global("matches", Bool, [Text, Text], Matches),
        Overload.Member("matches", Bool, [Text, Text], Matches),
        Overload.Member("find", Text, [Text, Text], a => WithPattern(a, pattern => new CelString(pattern.Match(a.Text(0)).Value))),
        Overload.Member("findAll", ListOf(Text), [Text, Text], a => FindAll(a, -1)),
        Overload.Member("findAll", ListOf(Text), [Text, Text, Int], a => FindAll(a, a.Int(2))),
    ];

    private static CelValue Matches(Arguments a) => WithPattern(a, pattern => CelValue.Of(pattern.IsMatch(a.Text(0))));

    private static CelValue FindAll(Arguments a, long limit) => WithPattern(a, pattern =>
        new ValueList(
            [.. pattern.Matches(a.Text(0)).Take(limit < 0 ? int.MaxValue : (int)Math.Min(limit, int.MaxValue)).Select(match => new CelString(match.Value))]));

    private static CelValue WithPattern(Arguments a, Func<System.Text.RegularExpressions.Regex, CelValue> use)
    {
        // the engine reads the text once, at a price per character that grows with the pattern
        if (!a.Budget.Pay(((a.Text(0).Length / 10) + 1) * ((a.Text(1).Length / 4) + 1L))) return CelValue.NoSuchOverload;
        return Re2Pattern.Compile(a.Text(1)) is { } pattern ? use(pattern) : new CelError($"error parsing regexp: {a.Text(1)}");
    }
}
