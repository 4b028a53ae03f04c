namespace OrleansLb.Kubernetes.Dialects.Fields;

/// <summary>Finds what was probably meant by a misspelt name.</summary>
public static class Nearest
{
    /// <summary>The known name with the fewest edits, if they are few enough for a slip; null when none is near.</summary>
    public static string? To(string name, IEnumerable<string> known)
    {
        ArgumentNullException.ThrowIfNull(name);
        return known
            .Select(candidate => (candidate, edits: Edits(name.ToLowerInvariant(), candidate.ToLowerInvariant())))
            .Where(pair => pair.edits <= Math.Max(1, name.Length / 3))
            .OrderBy(pair => pair.edits)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
    }

    // Levenshtein's distance, a row at a time.
    private static int Edits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var above = row[j];
                row[j] = Math.Min(Math.Min(above, row[j - 1]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1));
                diagonal = above;
            }
        }
        return row[^1];
    }
}
