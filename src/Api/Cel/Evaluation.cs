using OrleansLb.Api.Cel.Functions;
using OrleansLb.Api.Cel.Syntax;
using OrleansLb.Api.Cel.Values;

namespace OrleansLb.Api.Cel;

/// <summary>The names an expression sees: the innermost first.</summary>
internal sealed record Scope(string Name, CelValue Value, Scope? Outer = null)
{
    public CelValue? Find(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
            if (scope.Name == name) return scope.Value;
        return null;
    }
}

/// <summary>One run of an expression. Errors are values, and running out of budget is a final one.</summary>
internal sealed partial class Evaluation(CostBudget budget)
{
    private static readonly CelError OutOfBudget = new("operation cancelled: actual cost limit exceeded", IsFinal: true);

    public static CelValue Run(CelNode node, Scope scope, CostBudget budget) => new Evaluation(budget).Of(node, scope);

    private CelValue Of(CelNode node, Scope? scope)
    {
        if (!budget.Pay(1)) return OutOfBudget;
        var value = node switch
        {
            CelNode.Literal literal => literal.Value,
            CelNode.Name name => Named(name.Text, scope),
            CelNode.Select select => Select(select, Of(select.Operand, scope)),
            CelNode.Index index => Index(index, Of(index.Operand, scope), Of(index.Key, scope)),
            CelNode.Logic logic => Logic(logic, scope),
            CelNode.Conditional choice => Choose(choice, scope),
            CelNode.ListOf list => ListOf(list, scope),
            CelNode.MapOf map => MapOf(map, scope),
            CelNode.OptionalMap map => OptionalMap(map, scope),
            CelNode.Comprehension loop => Loop(loop, scope),
            CelNode.Call call => Calls.Call(call.Function, call.IsMember, [.. call.Arguments.Select(argument => Of(argument, scope))], budget),
            _ => CelValue.NoSuchOverload,
        };
        return budget.IsExhausted ? OutOfBudget : value;
    }

    private static CelValue Named(string name, Scope? scope) =>
        scope?.Find(name) ?? (CelKinds.Named(name) is { } kind ? new CelTypeName(kind.Name()) : new CelError($"no such attribute(s): {name}"));

    private static CelValue Select(CelNode.Select select, CelValue operand) => operand switch
    {
        CelOptional { Value: null } => select.IsTest ? CelValue.False : operand,
        CelOptional { Value: { } inner } => Select(select with { IsOptional = true }, inner),
        CelMap map when select.IsTest => CelValue.Of(map.Find(new CelString(select.Field)) is not null),
        CelMap map when select.IsOptional => new CelOptional(map.Find(new CelString(select.Field))),
        CelMap map => Comparison.Entry(map, new CelString(select.Field)),
        CelError => operand,
        _ => CelValue.NoSuchOverload,
    };

    private CelValue Index(CelNode.Index index, CelValue operand, CelValue key) => operand switch
    {
        CelError => operand,
        _ when key is CelError => key,
        CelOptional { Value: null } => operand,
        CelOptional { Value: { } inner } => Index(index with { IsOptional = true }, inner, key),
        CelMap map when index.IsOptional => new CelOptional(map.Find(key)),
        CelList list when index.IsOptional => Comparison.Item(list, key) is var item && item is CelError ? CelOptional.None : new CelOptional(item),
        _ => Calls.Call(OperatorNames.Index, isMember: false, [operand, key], budget),
    };

    /// <summary>One term may decide although another failed: an error counts only when nothing decides.</summary>
    private CelValue Logic(CelNode.Logic logic, Scope? scope)
    {
        CelValue result = CelValue.Of(logic.IsAnd);
        foreach (var term in logic.Terms)
        {
            var value = Of(term, scope);
            if (value is CelError { IsFinal: true }) return value;
            if (value is CelBool { Value: var flag })
            {
                if (flag != logic.IsAnd) return value;
            }
            else if (result is not CelError) result = value is CelError ? value : CelValue.NoSuchOverload;
        }
        return result;
    }

    private CelValue Choose(CelNode.Conditional choice, Scope? scope) => Of(choice.Condition, scope) switch
    {
        CelBool { Value: var flag } => Of(flag ? choice.Then : choice.Else, scope),
        CelError error => error,
        _ => CelValue.NoSuchOverload,
    };

    private CelValue ListOf(CelNode.ListOf list, Scope? scope)
    {
        var items = new List<CelValue>(list.Items.Length);
        foreach (var item in list.Items)
        {
            var value = Of(item.Value, scope);
            if (value is CelError) return value;
            if (!item.IsOptional) items.Add(value);
            else if (value is not CelOptional optional) return CelValue.NoSuchOverload;
            else if (optional.Value is { } present) items.Add(present);
        }
        return new ValueList([.. items]);
    }

    private CelValue MapOf(CelNode.MapOf map, Scope? scope)
    {
        var entries = new MapBuilder();
        foreach (var entry in map.Entries)
        {
            var (key, value) = (Of(entry.Key!, scope), Of(entry.Value, scope));
            if (entry.IsOptional && value is CelOptional optional)
            {
                if (optional.Value is null) continue;
                value = optional.Value;
            }
            if (entries.Add(key, value) is { } error) return error;
        }
        return entries.Build();
    }

    private CelValue OptionalMap(CelNode.OptionalMap map, Scope? scope)
    {
        var operand = Of(map.Operand, scope);
        if (operand is not CelOptional optional) return operand is CelError ? operand : CelValue.NoSuchOverload;
        if (optional.Value is null) return optional;
        var value = Of(map.Body, new(map.Variable, optional.Value, scope));
        return value is CelError ? value : !map.IsFlat ? new CelOptional(value) : value is CelOptional ? value : CelValue.NoSuchOverload;
    }
}
