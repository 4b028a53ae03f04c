namespace OrleansLb.Kubernetes.Manifests;

/// <summary>Cuts a YAML stream at its <c>---</c> lines.</summary>
internal static class YamlDocuments
{
    /// <summary>The documents with the line each begins on; a document that has only comments is left out.</summary>
    public static IEnumerable<(string Text, int Line)> Split(string stream)
    {
        var start = 0;
        var startLine = 1;
        var line = 1;
        var blank = true;
        for (var at = 0; at < stream.Length; line++)
        {
            var end = stream.IndexOf('\n', at) is >= 0 and var newline ? newline + 1 : stream.Length;
            var content = stream.AsSpan(at, end - at);
            if (IsSeparator(content))
            {
                if (!blank) yield return (stream[start..at], startLine);
                if (!blank || !HasDirectives(stream.AsSpan(start, at - start))) (start, startLine) = (at, line);
                blank = content[3..].Trim() is not { IsEmpty: false } rest || rest[0] == '#';
            }
            else if (!IsIgnorable(content)) blank = false;
            at = end;
        }
        if (!blank) yield return (stream[start..], startLine);
    }

    private static bool IsSeparator(ReadOnlySpan<char> line) => line.StartsWith("---") && (line.Length == 3 || char.IsWhiteSpace(line[3]));

    private static bool IsIgnorable(ReadOnlySpan<char> line) => line.TrimStart("\uFEFF").Trim() is { IsEmpty: true } || line.TrimStart("\uFEFF \t") is ['#', ..] || line is ['%', ..] || line.TrimEnd() is "...";

    private static bool HasDirectives(ReadOnlySpan<char> text) => text.StartsWith("%") || text.Contains("\n%", StringComparison.Ordinal);
}
