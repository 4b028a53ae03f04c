using System.Collections.Immutable;
using OrleansLb.Api.Cel.Values;

namespace OrleansLb.Api.Cel.Syntax;

/// <summary>A parsed expression: a tree of these, each knowing where in the text it began.</summary>
internal abstract record CelNode(int Offset)
{
    /// <summary>How many nodes lie under this one in its longest branch, itself included.</summary>
    public abstract int Depth { get; }

    public sealed record Literal(int Offset, CelValue Value) : CelNode(Offset)
    {
        public override int Depth => 1;
    }

    public sealed record Name(int Offset, string Text) : CelNode(Offset)
    {
        public override int Depth => 1;
    }

    /// <summary><c>a.b</c>, <c>a.?b</c>, or with <paramref name="IsTest"/> <c>has(a.b)</c>.</summary>
    public sealed record Select(int Offset, CelNode Operand, string Field, bool IsTest = false, bool IsOptional = false) : CelNode(Offset)
    {
        public override int Depth { get; } = Operand.Depth + 1;
    }

    public sealed record Index(int Offset, CelNode Operand, CelNode Key, bool IsOptional = false) : CelNode(Offset)
    {
        public override int Depth { get; } = Math.Max(Operand.Depth, Key.Depth) + 1;
    }

    /// <summary>A call of a function; operators are functions with the names that CEL gives them, and a receiver is the first argument.</summary>
    public sealed record Call(int Offset, string Function, bool IsMember, ImmutableArray<CelNode> Arguments) : CelNode(Offset)
    {
        public override int Depth { get; } = Deepest(Arguments) + 1;
    }

    /// <summary>A chain of <c>&amp;&amp;</c> or of <c>||</c>.</summary>
    public sealed record Logic(int Offset, bool IsAnd, ImmutableArray<CelNode> Terms) : CelNode(Offset)
    {
        public override int Depth { get; } = Deepest(Terms) + 1;
    }

    public sealed record Conditional(int Offset, CelNode Condition, CelNode Then, CelNode Else) : CelNode(Offset)
    {
        public override int Depth { get; } = Deepest([Condition, Then, Else]) + 1;
    }

    public sealed record ListOf(int Offset, ImmutableArray<Entry> Items) : CelNode(Offset)
    {
        public override int Depth { get; } = Deepest(Items.Select(item => item.Value)) + 1;
    }

    public sealed record MapOf(int Offset, ImmutableArray<Entry> Entries) : CelNode(Offset)
    {
        public override int Depth { get; } = Deepest(Entries.SelectMany(entry => new[] { entry.Key ?? entry.Value, entry.Value })) + 1;
    }

    /// <summary>An item of a list, or with a key an entry of a map; an optional one is left out if it is absent.</summary>
    public sealed record Entry(CelNode? Key, CelNode Value, bool IsOptional);

    /// <summary>A macro that goes through a list or a map with one or two variables.</summary>
    public sealed record Comprehension(int Offset, MacroKind Macro, CelNode Range, string Variable, string? Second, CelNode? Filter, CelNode Body)
        : CelNode(Offset)
    {
        public override int Depth { get; } = Deepest([Range, Filter ?? Body, Body]) + 1;
    }

    /// <summary>The macros <c>optMap</c> and <c>optFlatMap</c>.</summary>
    public sealed record OptionalMap(int Offset, bool IsFlat, CelNode Operand, string Variable, CelNode Body) : CelNode(Offset)
    {
        public override int Depth { get; } = Math.Max(Operand.Depth, Body.Depth) + 1;
    }

    private static int Deepest(IEnumerable<CelNode> nodes) => nodes.Select(node => node.Depth).DefaultIfEmpty(0).Max();
}

internal enum MacroKind
{
    All,
    Exists,
    ExistsOne,
    Map,
    Filter,
    TransformList,
    TransformMap,
    TransformMapEntry,
}
