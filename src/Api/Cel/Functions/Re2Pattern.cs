using System.Collections.Concurrent;
using System.Text;
using System.Text.RegularExpressions;

namespace OrleansLb.Api.Cel.Functions;

/// <summary>RE2 syntax on .NET's engine that never backtracks: what the two write differently is rewritten.</summary>
internal static class Re2Pattern
{
    private const int CacheSize = 512;
    private static readonly ConcurrentDictionary<string, Regex?> Cache = new(StringComparer.Ordinal);

    /// <summary>The compiled pattern, or null if it is none (or has what RE2 lacks: look-around, back references).</summary>
    public static Regex? Compile(string pattern)
    {
        if (Cache.TryGetValue(pattern, out var known)) return known;
        if (Cache.Count >= CacheSize) Cache.Clear();
        return Cache[pattern] = Build(pattern);
    }

    private static Regex? Build(string pattern)
    {
        try
        {
            return new Regex(Translate(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        }
        catch (Exception error) when (error is ArgumentException or NotSupportedException)
        {
            return null;
        }
    }

    internal static string Translate(string pattern)
    {
        var result = new StringBuilder(pattern.Length);
        var isClass = false;
        for (var at = 0; at < pattern.Length;)
        {
            var rest = pattern.AsSpan(at);
            var (text, length) = rest[0] switch
            {
                '\\' => Escape(rest, isClass),
                '[' => OpenBracket(rest, isClass),
                '(' when !isClass && rest.StartsWith("(?P<") => ("(?<", 4),
                '$' when !isClass => (pattern.Contains("(?m", StringComparison.Ordinal) ? "$" : @"\z", 1),
                _ => (rest[0].ToString(), 1),
            };
            isClass = rest[0] switch { '[' => true, ']' when text == "]" => false, _ => isClass };
            result.Append(text);
            at += length;
        }
        return result.ToString();
    }

    private static (string Text, int Length) Escape(ReadOnlySpan<char> rest, bool isClass) => rest.Length < 2 ? ("\\", 1) : rest[1] switch
    {
        'd' => (isClass ? "0-9" : "[0-9]", 2),
        'D' when !isClass => ("[^0-9]", 2),
        'w' => (isClass ? "0-9A-Za-z_" : "[0-9A-Za-z_]", 2),
        'W' when !isClass => ("[^0-9A-Za-z_]", 2),
        's' => (isClass ? @"\t\n\f\r " : @"[\t\n\f\r ]", 2),
        'S' when !isClass => (@"[^\t\n\f\r ]", 2),
        'Q' when !isClass => Quoted(rest),
        'p' or 'P' when rest.Length > 2 && rest[2] != '{' => ($@"\{rest[1]}{{{rest[2]}}}", 3),
        >= '1' and <= '9' => ("(?<backreference>", 2), // not in RE2: an unclosed group, which no engine compiles
        _ => (rest[..2].ToString(), 2),
    };

    private static (string Text, int Length) Quoted(ReadOnlySpan<char> rest)
    {
        var end = rest.IndexOf(@"\E");
        var text = end < 0 ? rest[2..] : rest[2..end];
        return (Regex.Escape(text.ToString()), end < 0 ? rest.Length : end + 2);
    }

    private static (string Text, int Length) OpenBracket(ReadOnlySpan<char> rest, bool isClass)
    {
        if (!isClass) return rest.StartsWith("[]") ? (@"[\]", 2) : rest.StartsWith("[^]") ? (@"[^\]", 3) : ("[", 1);
        if (!rest.StartsWith("[:") || rest.IndexOf(":]") is not (> 2 and var end)) return (@"\[", 1);
        return (Named(rest[2..end]) ?? "[:", end + 2);
    }

    private static string? Named(ReadOnlySpan<char> name) => name switch
    {
        "alnum" => "0-9A-Za-z",
        "alpha" => "A-Za-z",
        "ascii" => @"\x00-\x7F",
        "blank" => @"\t ",
        "cntrl" => @"\x00-\x1F\x7F",
        "digit" => "0-9",
        "graph" => "!-~",
        "lower" => "a-z",
        "print" => " -~",
        "punct" => @"!-/:-@\[-`{-~",
        "space" => @"\t\n\v\f\r ",
        "upper" => "A-Z",
        "word" => "0-9A-Za-z_",
        "xdigit" => "0-9A-Fa-f",
        _ => null,
    };
}
