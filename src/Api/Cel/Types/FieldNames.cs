using System.Collections.Frozen;
using System.Text;

namespace OrleansLb.Api.Cel.Types;

/// <summary>The names that JSON fields have in expressions: Kubernetes escapes what is no CEL identifier.</summary>
internal static class FieldNames
{
    private static readonly FrozenSet<string> Reserved = FrozenSet.ToFrozenSet(
    [
        "true", "false", "null", "in", "as", "break", "const", "continue", "else", "for", "function", "if",
        "import", "let", "loop", "package", "namespace", "return", "var", "void", "while",
    ]);

    public static bool IsReserved(string name) => Reserved.Contains(name);

    /// <summary>The name in expressions, or null if there is none for this field.</summary>
    public static string? Escape(string name)
    {
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) return null;
        if (Reserved.Contains(name)) return $"__{name}__";
        var escaped = new StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] == '_' && i + 1 < name.Length && name[i + 1] == '_') (_, i) = (escaped.Append("__underscores__"), i + 1);
            else if (Escaped(name[i]) is { } text) escaped.Append(text);
            else return null;
        }
        return escaped.ToString();
    }

    private static string? Escaped(char c) => c switch
    {
        '.' => "__dot__",
        '-' => "__dash__",
        '/' => "__slash__",
        _ when char.IsAsciiLetterOrDigit(c) || c == '_' => c.ToString(),
        _ => null,
    };
}
