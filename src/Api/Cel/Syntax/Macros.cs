using System.Collections.Immutable;
using OrleansLb.Api.Cel.Functions;

namespace OrleansLb.Api.Cel.Syntax;

/// <summary>Turns what is written as a call into what it means: a macro, a function of a namespace, or a call.</summary>
internal static class Macros
{
    public static CelNode Global(Token name, int offset, ImmutableArray<CelNode> arguments, Func<int, string, CelNode> fail)
    {
        if (name.Text != "has" || arguments.Length != 1) return new CelNode.Call(offset, name.Text, IsMember: false, arguments);
        return arguments[0] is CelNode.Select { IsTest: false } field
            ? field with { IsTest = true }
            : fail(arguments[0].Offset, "invalid argument to has() macro");
    }

    public static CelNode Member(CelNode operand, Token name, int offset, ImmutableArray<CelNode> arguments, Func<int, string, CelNode> fail)
    {
        if (Parser.Qualified(operand) is { } prefix && FunctionLibrary.HasGlobal($"{prefix}.{name.Text}"))
            return new CelNode.Call(offset, $"{prefix}.{name.Text}", IsMember: false, arguments);
        if (Variables(name.Text, arguments.Length) is not (> 0 and var variables))
            return new CelNode.Call(offset, name.Text, IsMember: true, [operand, .. arguments]);
        foreach (var argument in arguments[..variables])
            if (argument is not CelNode.Name) return fail(argument.Offset, "argument must be a simple name");
        return Expand(operand, name.Text, offset, [.. arguments[..variables].Select(argument => ((CelNode.Name)argument).Text)], arguments[variables..]);
    }

    /// <summary>How many variables the macro of this name and number of arguments declares; 0 if there is no such macro.</summary>
    private static int Variables(string name, int arguments) => (name, arguments) switch
    {
        ("all" or "exists" or "exists_one" or "existsOne" or "map" or "filter" or "optMap" or "optFlatMap", 2) => 1,
        ("map", 3) => 1,
        ("all" or "exists" or "exists_one" or "existsOne", 3) => 2,
        ("transformList" or "transformMap" or "transformMapEntry", 3 or 4) => 2,
        _ => 0,
    };

    private static CelNode Expand(CelNode operand, string name, int offset, ImmutableArray<string> variables, ImmutableArray<CelNode> rest)
    {
        if (name is "optMap" or "optFlatMap") return new CelNode.OptionalMap(offset, name == "optFlatMap", operand, variables[0], rest[0]);
        var filter = rest.Length > 1 ? rest[0] : null;
        return new CelNode.Comprehension(offset, KindOf(name), operand, variables[0], variables.ElementAtOrDefault(1), filter, rest[^1]);
    }

    private static MacroKind KindOf(string name) => name switch
    {
        "all" => MacroKind.All,
        "exists" => MacroKind.Exists,
        "exists_one" or "existsOne" => MacroKind.ExistsOne,
        "filter" => MacroKind.Filter,
        "transformList" => MacroKind.TransformList,
        "transformMap" => MacroKind.TransformMap,
        "transformMapEntry" => MacroKind.TransformMapEntry,
        _ => MacroKind.Map,
    };
}
