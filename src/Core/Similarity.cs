namespace OrleansLb.Core;

/// <summary>Finds the name that somebody may have meant.</summary>
public static class Similarity
{
    /// <summary>The name fewest edits away (Levenshtein), if that is no more than half of the letters; ties go to the first in ordinal order.</summary>
    public static string? Nearest(string meant, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(meant);
        var (best, fewest) = ((string?)null, int.MaxValue);
        foreach (var name in names.Order(StringComparer.Ordinal))
        {
            var edits = Distance(meant, name);
            if (edits < fewest && edits * 2 <= Math.Max(meant.Length, name.Length)) (best, fewest) = (name, edits);
        }
        return best;
    }

    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var substituted = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.Length];
    }
}
