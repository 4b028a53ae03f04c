namespace OrleansLb.Kubernetes.Manifests;

/// <summary>Cuts a YAML stream at its <c>---</c> lines.</summary>
internal static class YamlDocuments
{
    /// <summary>The documents with the line each begins on; one that has only comments is left out.</summary>
    public static IReadOnlyList<(string Text, int Line)> Split(string stream)
    {
        var documents = new List<(string Text, int Line)>();
        var open = new Open(Start: 0, Line: 1, HasContent: false);
        var line = 1;
        for (var at = 0; at < stream.Length; line++)
        {
            var end = stream.IndexOf('\n', at) is >= 0 and var newline ? newline + 1 : stream.Length;
            var text = stream.AsSpan(at, end - at);
            if (IsSeparator(text))
            {
                if (open.HasContent) documents.Add((stream[open.Start..at], open.Line));
                var keepsHead = !open.HasContent && HasDirectives(stream.AsSpan(open.Start, at - open.Start));
                open = keepsHead ? open : new Open(at, line, false);
                open = open with { HasContent = !IsIgnorable(text[3..]) };
            }
            else if (!IsIgnorable(text)) open = open with { HasContent = true };
            at = end;
        }
        if (open.HasContent) documents.Add((stream[open.Start..], open.Line));
        return documents;
    }

    private static bool IsSeparator(ReadOnlySpan<char> line) => line.StartsWith("---") && (line.Length == 3 || char.IsWhiteSpace(line[3]));

    private static bool IsIgnorable(ReadOnlySpan<char> line)
    {
        var content = line.TrimStart('\uFEFF');
        return content is ['%', ..] || content.TrimEnd() is "..." || content.Trim() is [] or ['#', ..];
    }

    private static bool HasDirectives(ReadOnlySpan<char> text) => text.StartsWith("%") || text.Contains("\n%", StringComparison.Ordinal);

    private readonly record struct Open(int Start, int Line, bool HasContent);
}
