using System.Globalization;

namespace OrleansLb.Bench;

/// <summary>What the command line says besides the name: <c>bench [NAME [--vs PEER]] [--runs N] [--json]</c>.</summary>
/// <param name="Name">Empty for the list of benchmarks.</param>
/// <param name="Runs">How often a benchmark does what it measures, if it does that as often as one likes; null for its own choice.</param>
internal sealed record BenchOptions(string Name, bool Json, int? Runs)
{
    private const string JsonOption = "--json";
    private const string RunsOption = "--runs";

    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var words = arguments.Where(word => word != JsonOption).ToList();
        int? runs = null;
        if (words.IndexOf(RunsOption) is >= 0 and var at)
        {
            if (at + 1 == words.Count || !int.TryParse(words[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || count < 1) throw new BenchException($"{RunsOption} needs a number of at least 1.");
            runs = count;
            words.RemoveRange(at, 2);
        }
        return new(string.Join(' ', words), arguments.Contains(JsonOption), runs);
    }
}
