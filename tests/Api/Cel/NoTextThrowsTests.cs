using System.Text.Json.Nodes;
using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Api.Cel;

namespace OrleansLb.Api.Tests.Cel;

public class NoTextThrowsTests
{
    private static readonly string[] Words =
    [
        "self", "oldSelf", "a", "b", "x", "true", "false", "null", "in", "has", "(", ")", "[", "]", "{", "}", ".", ",", ":", "?", ".?", "[?", "+", "-", "*",
        "/", "%",
        "==", "!=", "<", ">=", "&&", "||", "!", "1", "0", "-1", "9223372036854775807", "9223372036854775808", "2u", "1.5", "1e308", "'a'", "\"\"", "r'\\d'",
        "b'\\xff'", "'''q'''",
        "'\\u00e9'", "size", "matches", "'('", "all", "exists", "map", "filter", "optMap", "int", "string", "duration", "'1h'", "timestamp", "ip", "cidr",
        "'10.0.0.0/8'", "isIP",
        "replace", "split", "join", "substring", "format", "'%s%d%.3f'", "quantity", "'1Ki'", "semver", "url", "'http://a/b'", "optional.of", "orValue", "sum",
        "min", "slice", "flatten",
        "indexOf", "type", "dyn", "bytes", " ", "\n", "//", "'", "\"", "\\", "é", "😀", "\ud800", "\0", "#", "lists.range", "transformMap", "getHours",
    ];

    private static readonly JsonNode Self = JsonNode.Parse("""{"a":[1,2.5,"x",null,true,{"b":[]}],"b":{"a":"é😀","n":null},"x":9223372036854775807}""")!;

    private static bool IsJudged(string rule)
    {
        if (CelRule.Compile(rule, out var error) is not { } compiled) return error is { Length: > 0 };
        return compiled.Evaluate(Self, Self) is CelOutcome.True or CelOutcome.False or CelOutcome.Error { Message.Length: > 0 };
    }

    private static readonly Config Many = Config.QuickThrowOnFailure.WithMaxTest(5000);

    [Fact]
    public void Words_of_the_language_in_any_order_are_judged_or_refused() =>
        Prop.ForAll(Gen.Elements(Words).ArrayOf().Select(words => string.Concat(words)).ToArbitrary(), IsJudged).Check(Many);

    [Fact]
    public void Any_text_is_judged_or_refused() =>
        Prop.ForAll<string?>(text => IsJudged(text ?? "")).Check(Many);

    /// <summary>Calls that parse: every function with every kind of argument.</summary>
    [Fact]
    public void Any_function_takes_or_refuses_any_values()
    {
        string[] values = ["self", "self.a", "self.b.a", "self.x", "dyn(-1)", "dyn(0)", "dyn(1u)", "dyn(1.5)", "dyn('a')", "dyn('')", "dyn(b'a')", "dyn([])",
            "dyn({})", "dyn(null)", "dyn(true)",
            "dyn(duration('-1h'))", "dyn(timestamp('0001-01-01T00:00:00Z'))", "dyn(optional.none())", "dyn(ip('::'))", "dyn(cidr('0.0.0.0/0'))",
            "dyn(quantity('1e28'))", "dyn(9223372036854775807)",
            "dyn(-9223372036854775808)", "dyn(double('nan'))", "dyn(double('inf'))", "dyn('é😀')", "dyn(type(1))", "dyn(url('http://h'))",
            "dyn(semver('1.2.3'))", "dyn(format.uuid())"];
        var calls =
            from name in Gen.Elements(OrleansLb.Api.Cel.Functions.FunctionLibrary.All.Select(overload => (overload.Name, overload.IsMember)).Distinct()
                .ToArray())
            from arguments in Gen.Elements(values).ArrayOf(3)
            from count in Gen.Choose(1, 3)
            select Called(name.Name, name.IsMember, arguments[..count]);
        Prop.ForAll(calls.ToArbitrary(), call => IsJudged($"{call} == dyn(1)")).Check(Many);
    }

    private static string Called(string name, bool isMember, string[] arguments) => name switch
    {
        "@in" => $"({arguments[0]} in {arguments[^1]})",
        "_[_]" => $"{arguments[0]}[{arguments[^1]}]",
        "!_" or "-_" => $"({name[0]}{arguments[0]})",
        _ when name.StartsWith('_') => $"({arguments[0]} {name.Trim('_')} {arguments[^1]})",
        _ when isMember => $"{arguments[0]}.{name}({string.Join(", ", arguments[1..])})",
        _ => $"{name}({string.Join(", ", arguments)})",
    };
}
