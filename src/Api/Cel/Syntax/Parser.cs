using System.Collections.Immutable;
using OrleansLb.Api.Cel.Types;
using OrleansLb.Api.Cel.Values;

namespace OrleansLb.Api.Cel.Syntax;

/// <summary>Builds the tree of an expression by recursive descent (CEL language definition, "Syntax"). The first fault ends the parse.</summary>
internal sealed class Parser
{
    /// <summary>Nesting of an expression: as deep as the Kubernetes API goes, and shallow enough for any thread's stack.</summary>
    private const int MaxDepth = 250;

    private readonly List<Token> _tokens;
    private int _at;
    private int _depth;
    private CelFault? _fault;

    private Parser(List<Token> tokens) => _tokens = tokens;

    public static CelNode? Parse(string source, out CelFault? fault)
    {
        var parser = new Parser(Lexer.Read(source));
        var node = parser.Expression();
        if (parser._fault is null && parser.Current.Kind != TokenKind.End) parser.Unexpected();
        fault = parser._fault;
        return fault is null ? node : null;
    }

    private Token Current => _tokens[_at];

    // Expr = ConditionalOr ["?" ConditionalOr ":" Expr]
    private CelNode Expression()
    {
        if (++_depth > MaxDepth) Fail(Current.Offset, $"expression recursion limit exceeded: {MaxDepth}");
        var node = Chain("||", isAnd: false, And);
        if (Accept("?") is { } mark)
        {
            var then = Chain("||", isAnd: false, And);
            Expect(":");
            node = Deep(new CelNode.Conditional(mark.Offset, node, then, Expression()));
        }
        _depth--;
        return node;
    }

    private CelNode And() => Chain("&&", isAnd: true, Relation);

    private CelNode Chain(string symbol, bool isAnd, Func<CelNode> operand)
    {
        var first = operand();
        if (!Current.Is(symbol)) return first;
        var (offset, terms) = (Current.Offset, ImmutableArray.CreateBuilder<CelNode>());
        terms.Add(first);
        while (Accept(symbol) is not null) terms.Add(operand());
        return Deep(new CelNode.Logic(offset, isAnd, terms.ToImmutable()));
    }

    private CelNode Relation() => Binary(Addition, "<", "<=", ">=", ">", "==", "!=", "in");

    private CelNode Addition() => Binary(Multiplication, "+", "-");

    private CelNode Multiplication() => Binary(Unary, "*", "/", "%");

    private CelNode Binary(Func<CelNode> operand, params ReadOnlySpan<string> symbols)
    {
        var left = operand();
        while (Current.Kind == TokenKind.Symbol && symbols.Contains(Current.Text))
        {
            var symbol = Take();
            left = Deep(new CelNode.Call(symbol.Offset, OperatorNames.Of(symbol.Text), IsMember: false, [left, operand()]));
        }
        return left;
    }

    private CelNode Unary()
    {
        if (!Current.Is("!") && !Current.Is("-")) return Member();
        var (offset, symbol, count) = (Current.Offset, Current.Text, 0);
        while (Accept(symbol) is not null) count++;
        var number = symbol == "-" ? NegativeNumber(offset) : null;
        var operand = number is null ? Member() : Postfix(number);
        if (number is not null) count--;
        // an even number of the same sign undoes itself, but still asks for an operand of the right type
        for (var i = 0; i < (count == 0 ? 0 : 2 - (count % 2)); i++)
            operand = Deep(new CelNode.Call(offset, symbol == "!" ? OperatorNames.Not : OperatorNames.Negate, IsMember: false, [operand]));
        return operand;
    }

    /// <summary>A number behind a minus is one literal; only so can the most negative integer be written.</summary>
    private CelNode? NegativeNumber(int offset) => Current switch
    {
        { Kind: TokenKind.Literal, Text: Lexer.MinimumText } => Taken(new CelNode.Literal(offset, new CelInt(long.MinValue))),
        { Value: CelInt number } => Taken(new CelNode.Literal(offset, new CelInt(-number.Value))),
        { Value: CelDouble number } => Taken(new CelNode.Literal(offset, new CelDouble(-number.Value))),
        _ => null,
    };

    private CelNode Taken(CelNode node)
    {
        Take();
        return node;
    }

    private CelNode Member() => Postfix(Primary());

    private CelNode Postfix(CelNode node)
    {
        while (_fault is null)
        {
            if (Accept(".") is { } dot) node = Deep(Selected(node, dot.Offset));
            else if (Accept("[") is { } open) node = Deep(Indexed(node, open.Offset));
            else if (Current.Is("{") && node is CelNode.Name or CelNode.Select)
                return Fail(node.Offset, $"undeclared reference to '{Qualified(node)}' (in container '')");
            else break;
        }
        return node;
    }

    private CelNode Selected(CelNode operand, int offset)
    {
        var isOptional = Accept("?") is not null;
        if (Current.Kind != TokenKind.Identifier) return Unexpected();
        var field = Take();
        if (!isOptional && Accept("(") is { } open) return Macros.Member(operand, field, open.Offset, Arguments(")"), Fail);
        if (Qualified(operand) is { } prefix && CelKinds.Named($"{prefix}.{field.Text}") is { } kind)
            return new CelNode.Literal(operand.Offset, new CelTypeName(kind.Name()));
        return new CelNode.Select(offset, operand, field.Text, IsOptional: isOptional);
    }

    private CelNode.Index Indexed(CelNode operand, int offset)
    {
        var isOptional = Accept("?") is not null;
        var key = Expression();
        Expect("]");
        return new CelNode.Index(offset, operand, key, isOptional);
    }

    private CelNode Primary()
    {
        if (Current.Kind == TokenKind.Literal && Current.Text != Lexer.MinimumText) return Literal(Take());
        if (Accept("(") is not null) return Parenthesised();
        if (Accept("[") is { } list) return new CelNode.ListOf(list.Offset, Entries("]", isMap: false));
        if (Accept("{") is { } map) return new CelNode.MapOf(map.Offset, Entries("}", isMap: true));
        Accept(".");
        if (Current.Kind != TokenKind.Identifier) return Unexpected();
        var name = Take();
        if (FieldNames.IsReserved(name.Text)) return Fail(name.Offset, $"Syntax error: reserved identifier: {name.Text}");
        if (Accept("(") is { } open) return Deep(Macros.Global(name, open.Offset, Arguments(")"), Fail));
        return new CelNode.Name(name.Offset, name.Text);
    }

    private static CelNode.Literal Literal(Token token) => new(token.Offset, token.Value!);

    private CelNode Parenthesised()
    {
        var node = Expression();
        Expect(")");
        return node;
    }

    private ImmutableArray<CelNode> Arguments(string close)
    {
        var arguments = ImmutableArray.CreateBuilder<CelNode>();
        if (Accept(close) is not null) return [];
        do arguments.Add(Expression());
        while (_fault is null && Accept(",") is not null);
        Expect(close);
        return arguments.ToImmutable();
    }

    private ImmutableArray<CelNode.Entry> Entries(string close, bool isMap)
    {
        var entries = ImmutableArray.CreateBuilder<CelNode.Entry>();
        while (_fault is null && Accept(close) is null)
        {
            var isOptional = Accept("?") is not null;
            var first = Expression();
            if (isMap) Expect(":");
            entries.Add(isMap ? new(first, Expression(), isOptional) : new(null, first, isOptional));
            if (Accept(",") is null && !Current.Is(close)) Unexpected();
        }
        return entries.ToImmutable();
    }

    /// <summary>The dotted name that a node spells, or null if it is more than a name.</summary>
    internal static string? Qualified(CelNode node) => node switch
    {
        CelNode.Name name => name.Text,
        CelNode.Select { IsTest: false, IsOptional: false } select when Qualified(select.Operand) is { } prefix => $"{prefix}.{select.Field}",
        _ => null,
    };

    private CelNode Deep(CelNode node) => node.Depth > MaxDepth ? Fail(node.Offset, $"expression recursion limit exceeded: {MaxDepth}") : node;

    private Token Take() => Current.Kind is TokenKind.End or TokenKind.Fault ? Current : _tokens[_at++];

    private Token? Accept(string symbol) => Current.Is(symbol) ? Take() : null;

    private void Expect(string symbol)
    {
        if (Accept(symbol) is null) Unexpected();
    }

    private CelNode.Literal Unexpected() =>
        Fail(Current.Offset, Current.Kind == TokenKind.Fault ? Current.Text : $"Syntax error: unexpected '{Current.Text}'");

    /// <summary>Notes the first fault and runs to the end of the text, so that every loop ends.</summary>
    private CelNode.Literal Fail(int offset, string message)
    {
        _fault ??= new(offset, message);
        _tokens.Add(new(TokenKind.End, "<EOF>", offset));
        _at = _tokens.Count - 1;
        return new(offset, CelValue.Null);
    }
}
