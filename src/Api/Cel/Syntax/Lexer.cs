using System.Globalization;
using OrleansLb.Api.Cel.Values;

namespace OrleansLb.Api.Cel.Syntax;

/// <summary>Cuts the text of an expression into tokens (CEL language definition, "Syntax"). The first fault ends the list.</summary>
internal sealed class Lexer(string source)
{
    private static readonly string[] Symbols =
        ["||", "&&", "==", "!=", "<=", ">=", ".", ",", "(", ")", "[", "]", "{", "}", "?", ":", "+", "-", "*", "/", "%", "!", "<", ">"];

    private int _at;

    public static List<Token> Read(string source)
    {
        var lexer = new Lexer(source);
        var tokens = new List<Token>();
        do tokens.Add(lexer.Next());
        while (tokens[^1].Kind is not (TokenKind.End or TokenKind.Fault));
        return tokens;
    }

    private Token Next()
    {
        SkipBlanks();
        if (_at >= source.Length) return new(TokenKind.End, "<EOF>", source.Length);
        if (StartsText(out var prefix)) return Text(prefix);
        if (char.IsAsciiDigit(source[_at]) || (source[_at] == '.' && _at + 1 < source.Length && char.IsAsciiDigit(source[_at + 1]))) return Number();
        if (source[_at] == '_' || char.IsAsciiLetter(source[_at])) return Word();
        return Symbol();
    }

    private void SkipBlanks()
    {
        while (_at < source.Length)
        {
            if (source[_at] is ' ' or '\t' or '\n' or '\r' or '\f') _at++;
            else if (source.AsSpan(_at).StartsWith("//")) _at = source.IndexOf('\n', _at) is var end and >= 0 ? end : source.Length;
            else return;
        }
    }

    private Token Symbol()
    {
        var start = _at;
        foreach (var symbol in Symbols)
        {
            if (!source.AsSpan(start).StartsWith(symbol, StringComparison.Ordinal)) continue;
            _at += symbol.Length;
            return new(TokenKind.Symbol, symbol, start);
        }
        return Fault(start, $"token recognition error at: '{source[start]}'");
    }

    private Token Word()
    {
        var start = _at;
        while (_at < source.Length && (source[_at] == '_' || char.IsAsciiLetterOrDigit(source[_at]))) _at++;
        var word = source[start.._at];
        return word switch
        {
            "true" => new(TokenKind.Literal, word, start, CelValue.True),
            "false" => new(TokenKind.Literal, word, start, CelValue.False),
            "null" => new(TokenKind.Literal, word, start, CelValue.Null),
            "in" => new(TokenKind.Symbol, word, start),
            _ => new(TokenKind.Identifier, word, start),
        };
    }

    private Token Number()
    {
        var start = _at;
        if (source.AsSpan(_at).StartsWith("0x")) return Whole(start, NumberStyles.AllowHexSpecifier, EndOf(_at + 2, char.IsAsciiHexDigit));
        var end = EndOf(_at, char.IsAsciiDigit);
        var real = Fraction(end);
        return real == end ? Whole(start, NumberStyles.None, end) : Real(start, real);
    }

    /// <summary>Where the number ends if a fraction or an exponent follows its whole part; otherwise the same place.</summary>
    private int Fraction(int end)
    {
        if (end + 1 < source.Length && source[end] == '.' && char.IsAsciiDigit(source[end + 1])) end = EndOf(end + 1, char.IsAsciiDigit);
        if (end >= source.Length || source[end] is not ('e' or 'E')) return end;
        var digits = end + 1 < source.Length && source[end + 1] is '+' or '-' ? end + 2 : end + 1;
        return digits < source.Length && char.IsAsciiDigit(source[digits]) ? EndOf(digits, char.IsAsciiDigit) : end;
    }

    private int EndOf(int from, Func<char, bool> belongs)
    {
        while (from < source.Length && belongs(source[from])) from++;
        return from;
    }

    private Token Real(int start, int end)
    {
        _at = end;
        var value = double.Parse(source.AsSpan(start, end - start), NumberStyles.Float, CultureInfo.InvariantCulture);
        return double.IsInfinity(value) ? Fault(start, "invalid double literal") : new(TokenKind.Literal, source[start..end], start, new CelDouble(value));
    }

    /// <summary>The most negative integer is written as minus and a number that is too big alone: it comes as an unsigned one of that text.</summary>
    private Token Whole(int start, NumberStyles style, int end)
    {
        var isUnsigned = end < source.Length && source[end] is 'u' or 'U';
        _at = isUnsigned ? end + 1 : end;
        var digits = source.AsSpan(start, end - start);
        if (!ulong.TryParse(style == NumberStyles.AllowHexSpecifier ? digits[2..] : digits, style, CultureInfo.InvariantCulture, out var value))
            return Fault(start, isUnsigned ? "invalid uint literal" : "invalid int literal");
        if (isUnsigned) return new(TokenKind.Literal, source[start.._at], start, new CelUint(value));
        return value <= long.MaxValue ? new(TokenKind.Literal, source[start.._at], start, new CelInt((long)value))
            : value == 1UL << 63 ? new(TokenKind.Literal, MinimumText, start, CelValue.NoSuchOverload)
            : Fault(start, "invalid int literal");
    }

    /// <summary>The text of the token that is an integer only behind a minus.</summary>
    public const string MinimumText = "9223372036854775808";

    private bool StartsText(out string prefix)
    {
        var end = _at;
        while (end < source.Length && end - _at < 2 && source[end] is 'r' or 'R' or 'b' or 'B') end++;
        prefix = source[_at..Math.Min(end, source.Length)].ToLowerInvariant();
        return end < source.Length && source[end] is '"' or '\'' && prefix is "" or "r" or "b" or "rb" or "br";
    }

    private Token Text(string prefix)
    {
        var start = _at;
        var open = _at + prefix.Length;
        var quote = source.AsSpan(open).StartsWith(new string(source[open], 3)) ? new string(source[open], 3) : source[open].ToString();
        var isRaw = prefix.Contains('r');
        var end = Close(open + quote.Length, quote, isRaw);
        if (end < 0) return Fault(start, $"token recognition error at: '{source[start..Math.Min(source.Length, start + 20)]}'");
        _at = end + quote.Length;
        var body = source[(open + quote.Length)..end];
        var value = TextLiteral.Read(body, isRaw, prefix.Contains('b'));
        return value is CelError error ? Fault(start, error.Message) : new(TokenKind.Literal, source[start.._at], start, value);
    }

    private int Close(int from, string quote, bool isRaw)
    {
        for (var i = from; i < source.Length; i++)
        {
            if (source.AsSpan(i).StartsWith(quote, StringComparison.Ordinal)) return i;
            if (quote.Length == 1 && source[i] is '\n' or '\r') return -1;
            if (source[i] == '\\' && !isRaw) i++;
        }
        return -1;
    }

    private Token Fault(int at, string message)
    {
        _at = source.Length;
        return new(TokenKind.Fault, $"Syntax error: {message}", at);
    }
}
