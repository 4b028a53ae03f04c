using System.Collections.Immutable;
using OrleansLb.Api.Cel.Functions;
using OrleansLb.Api.Cel.Syntax;
using OrleansLb.Api.Cel.Types;
using OrleansLb.Api.Cel.Values;

namespace OrleansLb.Api.Cel;

/// <summary>
/// Finds what can never work before there is a value: unknown names, fields that the schema does not have, functions given what they do not take.
/// Where a type is not known it says nothing.
/// </summary>
internal sealed class Checker
{
    private readonly List<CelFault> _faults = [];
    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    /// <summary>The type of the whole expression.</summary>
    public static CelType Check(CelNode node, ImmutableDictionary<string, CelType> names, out IReadOnlyList<CelFault> faults, out IReadOnlySet<string> used)
    {
        var checker = new Checker();
        var type = checker.Of(node, names);
        (faults, used) = (checker._faults, checker._used);
        return type;
    }

    private CelType Of(CelNode node, ImmutableDictionary<string, CelType> names) => node switch
    {
        CelNode.Literal literal => OfValue(literal.Value),
        CelNode.Name name => Named(name, names),
        CelNode.Select select => Select(select, Of(select.Operand, names)),
        CelNode.Index index => Index(index, Of(index.Operand, names), Of(index.Key, names)),
        CelNode.Logic logic => Logic(logic, names),
        CelNode.Conditional choice => Choose(choice, names),
        CelNode.ListOf list => CelType.ListOf(Alike(list.Items.Select(item => (item.Value, Inner(Of(item.Value, names), item.IsOptional))))),
        CelNode.MapOf map => CelType.MapOf(
            Alike(map.Entries.Select(entry => (entry.Key!, Of(entry.Key!, names)))),
            Alike(map.Entries.Select(entry => (entry.Value, Inner(Of(entry.Value, names), entry.IsOptional))))),
        CelNode.OptionalMap map => OptionalMap(map, names),
        CelNode.Comprehension loop => Loop(loop, Of(loop.Range, names), names),
        CelNode.Call call => Call(call, [.. call.Arguments.Select(argument => Argument(call, argument, names))]),
        _ => CelType.Any,
    };

    /// <summary>What is to be formatted may be of many types, in one list.</summary>
    private CelType Argument(CelNode.Call call, CelNode argument, ImmutableDictionary<string, CelType> names)
    {
        if (call.Function != "format" || argument is not CelNode.ListOf list) return Of(argument, names);
        foreach (var item in list.Items) Of(item.Value, names);
        return CelType.List;
    }

    private static CelType OfValue(CelValue value) => value.Kind switch
    {
        CelKind.Null => CelType.Null,
        CelKind.Bool => CelType.Bool,
        CelKind.Int => CelType.Int,
        CelKind.Uint => CelType.Uint,
        CelKind.Double => CelType.Real,
        CelKind.String => CelType.Text,
        CelKind.Bytes => CelType.Bytes,
        CelKind.Type => CelType.Type,
        _ => CelType.Any,
    };

    private CelType Named(CelNode.Name name, ImmutableDictionary<string, CelType> names)
    {
        if (names.TryGetValue(name.Text, out var type))
        {
            _used.Add(name.Text);
            return type;
        }
        if (CelKinds.Named(name.Text) is not null) return CelType.Type;
        return Fault(name.Offset, $"undeclared reference to '{name.Text}' (in container '')");
    }

    private CelType Select(CelNode.Select select, CelType operand)
    {
        if (operand.Kind == CelKind.Optional) return CelType.OptionalOf(Select(select, operand.Element!)) is var inner && select.IsTest ? CelType.Bool : inner;
        if (operand.Kind is not (CelKind.Map or CelKind.Any)) return Fault(select.Offset, $"type '{operand}' does not support field selection");
        var field = operand.Element ?? CelType.Any;
        if (operand.Fields is { } fields)
        {
            if (!fields.TryGetValue(select.Field, out var known)) return Fault(select.Offset, $"undefined field '{select.Field}'");
            field = known.Type;
        }
        return select.IsTest ? CelType.Bool : select.IsOptional ? CelType.OptionalOf(field) : field;
    }

    private CelType Index(CelNode.Index index, CelType operand, CelType key)
    {
        if (operand.Kind == CelKind.Optional) return CelType.OptionalOf(Index(index with { IsOptional = false }, operand.Element!, key));
        if (operand.Kind == CelKind.Map && operand.Fields is not null) return NoOverload(index.Offset, OperatorNames.Index, [operand, key]);
        var element = Resolve(index.Offset, OperatorNames.Index, isMember: false, [operand, key]);
        return index.IsOptional ? CelType.OptionalOf(element) : element;
    }

    private CelType Logic(CelNode.Logic logic, ImmutableDictionary<string, CelType> names)
    {
        var types = logic.Terms.Select(term => Of(term, names)).ToImmutableArray();
        return types.All(CelType.Bool.Accepts) ? CelType.Bool : NoOverload(logic.Offset, logic.IsAnd ? "_&&_" : "_||_", types);
    }

    private CelType Choose(CelNode.Conditional choice, ImmutableDictionary<string, CelType> names)
    {
        var (condition, then, otherwise) = (Of(choice.Condition, names), Of(choice.Then, names), Of(choice.Else, names));
        if (!CelType.Bool.Accepts(condition) || !Comparable(then, otherwise)) return NoOverload(choice.Offset, "_?_:_", [condition, then, otherwise]);
        return Common([then, otherwise]);
    }

    private CelType OptionalMap(CelNode.OptionalMap map, ImmutableDictionary<string, CelType> names)
    {
        var operand = Of(map.Operand, names);
        if (!CelType.Optional.Accepts(operand)) return NoOverload(map.Offset, map.IsFlat ? "optFlatMap" : "optMap", [operand]);
        var body = Of(map.Body, names.SetItem(map.Variable, operand.Element ?? CelType.Any));
        return map.IsFlat ? body : CelType.OptionalOf(body);
    }

    private CelType Loop(CelNode.Comprehension loop, CelType range, ImmutableDictionary<string, CelType> names)
    {
        if (range.Kind is not (CelKind.List or CelKind.Map or CelKind.Any) || range.Fields is not null)
            return Fault(loop.Range.Offset, $"expression of type '{range}' cannot be range of a comprehension (must be list, map, or dynamic)");
        var item = range.Element ?? CelType.Any;
        var first = range.Kind switch { CelKind.Map => range.Key ?? CelType.Any, CelKind.List when loop.Second is null => item, CelKind.List => CelType.Int,
            _ => CelType.Any };
        var inner = names.SetItem(loop.Variable, first);
        if (loop.Second is not null) inner = inner.SetItem(loop.Second, item);
        if (loop.Filter is not null) MustBeBool(loop.Filter, Of(loop.Filter, inner));
        var body = Of(loop.Body, inner);
        if (loop.Macro is MacroKind.All or MacroKind.Exists or MacroKind.ExistsOne or MacroKind.Filter) MustBeBool(loop.Body, body);
        return loop.Macro switch
        {
            MacroKind.Filter => CelType.ListOf(first),
            MacroKind.Map or MacroKind.TransformList => CelType.ListOf(body),
            MacroKind.TransformMap => CelType.MapOf(first, body),
            MacroKind.TransformMapEntry => CelType.Map,
            _ => CelType.Bool,
        };
    }

    private void MustBeBool(CelNode node, CelType type)
    {
        if (!CelType.Bool.Accepts(type)) Fault(node.Offset, $"expected type 'bool' but found '{type}'");
    }

    private CelType Call(CelNode.Call call, ImmutableArray<CelType> types)
    {
        if (call.Function is OperatorNames.Equal or OperatorNames.NotEqual && !Comparable(types[0], types[1]))
            return NoOverload(call.Offset, call.Function, types);
        if (call.Function == OperatorNames.In && types[1].Element is { } element
            && !(types[1].Kind == CelKind.Map ? types[1].Key ?? CelType.Any : element).Accepts(types[0]))
            return NoOverload(call.Offset, call.Function, types);
        if (LiteralFault(call) is { } fault) return fault;
        return Resolve(call.Offset, call.Function, call.IsMember, types);
    }

    /// <summary>An argument that is written down and can be seen to be none.</summary>
    private CelType? LiteralFault(CelNode.Call call) => (call.Function, call.Arguments) switch
    {
        ("duration", [CelNode.Literal { Value: CelString { Value: var text } } node]) when CelTime.ParseDuration(text) is null =>
            Fault(node.Offset, "invalid duration argument"),
        ("timestamp", [CelNode.Literal { Value: CelString { Value: var text } } node]) when CelTime.ParseTimestamp(text) is null =>
            Fault(node.Offset, "invalid timestamp argument"),
        ("matches" or "find" or "findAll", [_, CelNode.Literal { Value: CelString { Value: var text } } node, ..]) when Re2Pattern.Compile(text) is null =>
            Fault(node.Offset, $"invalid {call.Function} argument"),
        _ => null,
    };

    private CelType Resolve(int offset, string function, bool isMember, ImmutableArray<CelType> types)
    {
        var overloads = FunctionLibrary.Named(function, isMember);
        if (overloads.IsEmpty && FunctionLibrary.Named(function, !isMember).IsEmpty)
            return Fault(offset, $"undeclared reference to '{function}' (in container '')");
        var fitting = overloads.Where(overload => overload.Accepts(types)).ToImmutableArray();
        if (fitting.IsEmpty) return NoOverload(offset, function, types, isMember);
        return Common(fitting.Select(overload => overload.Result(types)));
    }

    private static bool Comparable(CelType left, CelType right) => left.Accepts(right) || right.Accepts(left);

    private static CelType Inner(CelType type, bool isOptional) =>
        isOptional && type.Kind == CelKind.Optional ? type.Element! : isOptional ? CelType.Any : type;

    /// <summary>The type of what stands side by side in a literal, where Kubernetes wants one type.</summary>
    private CelType Alike(IEnumerable<(CelNode Node, CelType Type)> entries)
    {
        var known = entries.ToList();
        foreach (var (node, type) in known.Skip(1))
            if (!Comparable(known[0].Type, type)) return Fault(node.Offset, $"expected type '{known[0].Type}' but found '{type}'");
        return Common(known.Select(entry => entry.Type));
    }

    /// <summary>The one type of them all, or none in particular.</summary>
    private static CelType Common(IEnumerable<CelType> types)
    {
        CelType? common = null;
        foreach (var type in types)
        {
            if (common is null) common = type;
            else if (type.Kind == CelKind.Null && common.Fields is not null) continue;
            else if (type.Kind != common.Kind || type.Kind == CelKind.Any || type.ToString() != common.ToString()) return CelType.Any;
        }
        return common ?? CelType.Any;
    }

    private CelType NoOverload(int offset, string function, ImmutableArray<CelType> types, bool isMember = false) => isMember
        ? Fault(offset, $"found no matching overload for '{function}' applied to '{types[0]}.({string.Join(", ", types.Skip(1))})'")
        : Fault(offset, $"found no matching overload for '{function}' applied to '({string.Join(", ", types)})'");

    private CelType Fault(int offset, string message)
    {
        _faults.Add(new(offset, message));
        return CelType.Any;
    }
}
