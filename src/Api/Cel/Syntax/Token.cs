using OrleansLb.Api.Cel.Values;

namespace OrleansLb.Api.Cel.Syntax;

internal enum TokenKind
{
    End,
    Identifier,
    Literal,
    Symbol,
    Fault,
}

/// <summary>A word of an expression. For a fault the text is what is wrong with it.</summary>
internal readonly record struct Token(TokenKind Kind, string Text, int Offset, CelValue? Value = null)
{
    public bool Is(string symbol) => Kind == TokenKind.Symbol && Text == symbol;
}
