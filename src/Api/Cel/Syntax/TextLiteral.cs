using System.Globalization;
using System.Text;
using OrleansLb.Api.Cel.Values;

namespace OrleansLb.Api.Cel.Syntax;

/// <summary>The body of a string or bytes literal, with its escapes read.</summary>
internal static class TextLiteral
{
    public static CelValue Read(string body, bool isRaw, bool isBytes)
    {
        var bytes = new List<byte>(body.Length);
        var text = new StringBuilder(body.Length);
        for (var at = 0; at < body.Length;)
        {
            if (isRaw || body[at] != '\\')
            {
                at += Copy(body, at, text, bytes);
                continue;
            }
            if (Escape(body.AsSpan(at + 1), isBytes) is not { } escape) return new CelError($"invalid escape sequence in {CelText.Quote(body)}");
            text.Append(isBytes ? "" : char.ConvertFromUtf32(escape.Code));
            if (escape.Code <= byte.MaxValue) bytes.Add((byte)escape.Code);
            at += 1 + escape.Length;
        }
        return isBytes ? new CelBytes([.. bytes]) : new CelString(text.ToString());
    }

    private static int Copy(string body, int at, StringBuilder text, List<byte> bytes)
    {
        Rune.DecodeFromUtf16(body.AsSpan(at), out var rune, out var length);
        text.Append(body, at, length);
        Span<byte> utf8 = stackalloc byte[4];
        bytes.AddRange(utf8[..rune.EncodeToUtf8(utf8)]);
        return length;
    }

    private static (int Code, int Length)? Escape(ReadOnlySpan<char> rest, bool isBytes) => rest.IsEmpty ? null : rest[0] switch
    {
        'a' => ('\a', 1),
        'b' => ('\b', 1),
        'f' => ('\f', 1),
        'n' => ('\n', 1),
        'r' => ('\r', 1),
        't' => ('\t', 1),
        'v' => ('\v', 1),
        '\\' or '?' or '"' or '\'' or '`' => (rest[0], 1),
        'x' or 'X' => Code(rest, 1, 2, 16),
        'u' when !isBytes => Code(rest, 1, 4, 16),
        'U' when !isBytes => Code(rest, 1, 8, 16),
        >= '0' and <= '3' => Code(rest, 0, 3, 8),
        _ => null,
    };

    private static (int Code, int Length)? Code(ReadOnlySpan<char> rest, int from, int count, int radix)
    {
        if (rest.Length < from + count) return null;
        var code = 0L;
        foreach (var c in rest.Slice(from, count))
        {
            var digit = char.IsAsciiHexDigit(c) ? int.Parse([c], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) : radix;
            if (digit >= radix) return null;
            code = (code * radix) + digit;
        }
        return Rune.IsValid(code > int.MaxValue ? -1 : (int)code) ? ((int)code, from + count) : null;
    }
}
