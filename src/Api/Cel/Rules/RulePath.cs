using System.Text;

namespace OrleansLb.Api.Cel.Rules;

/// <summary>The paths by which rules and messages name a field.</summary>
internal static class RulePath
{
    public static string Field(string path, string name) => path.Length == 0 ? name : $"{path}.{name}";

    public static string Key(string path, string key) => $"{path}[{key}]";

    /// <summary>A rule's <c>fieldPath</c> (<c>.spec['a.b'].c</c>) as messages write it (<c>spec.a.b.c</c>).</summary>
    public static string Normalise(string fieldPath)
    {
        var path = new StringBuilder(fieldPath.Length);
        for (var at = 0; at < fieldPath.Length;)
        {
            var isQuoted = fieldPath.AsSpan(at).StartsWith("['");
            var end = isQuoted ? fieldPath.IndexOf("']", at, StringComparison.Ordinal) : fieldPath.IndexOfAny(['.', '['], at + 1);
            if (end < 0) end = fieldPath.Length;
            if (path.Length > 0) path.Append('.');
            path.Append(isQuoted ? fieldPath.AsSpan(at + 2, Math.Max(0, end - at - 2)) : fieldPath.AsSpan(at, end - at).TrimStart('.'));
            at = isQuoted ? end + 2 : end;
        }
        return path.ToString();
    }
}
