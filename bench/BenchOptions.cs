using System.Globalization;

namespace OrleansLb.Bench;

/// <summary>
/// What the command line says besides the name: <c>bench [NAME [--vs PEER]] [--runs N] [--only PART,…] [--logs FOLDER]
/// [--kubeconfig FILE --addresses RANGE] [--json]</c>.
/// </summary>
/// <param name="Name">Empty for the list of benchmarks.</param>
/// <param name="Runs">How often a benchmark does what it measures, if it does that as often as one likes; null for its own choice.</param>
/// <param name="Only">The parts to run, of a benchmark that has several; empty for all.</param>
/// <param name="Logs">The folder for what the nodes log, of a benchmark that starts nodes as processes; null: it is not kept.</param>
/// <param name="Kubeconfig">A cluster to measure instead of one that is made for it; null: it is made.</param>
/// <param name="Addresses">What may be given out there.</param>
internal sealed record BenchOptions(string Name, bool Json, int? Runs, IReadOnlyList<string> Only, string? Logs, string? Kubeconfig = null,
    string? Addresses = null)
{
    private const string JsonOption = "--json";
    private const string RunsOption = "--runs";
    private const string OnlyOption = "--only";
    private const string LogsOption = "--logs";
    private const string KubeconfigOption = "--kubeconfig";
    private const string AddressesOption = "--addresses";

    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var words = arguments.Where(word => word != JsonOption).ToList();
        var runs = Take(words, RunsOption, "a number of at least 1",
            value => int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count : (int?)null);
        var only = Take(words, OnlyOption, "the names of parts, with commas between them",
            value => value.Split(',', StringSplitOptions.RemoveEmptyEntries) is { Length: > 0 } parts ? parts : null);
        var logs = Take(words, LogsOption, "a folder", value => value.Length > 0);
        var kubeconfig = Take(words, KubeconfigOption, "a file that is there", File.Exists);
        var addresses = Take(words, AddressesOption, "a range, such as 10.1.0.0/22", value => value.Length > 0);
        return new(string.Join(' ', words), arguments.Contains(JsonOption), runs, only ?? [], logs, kubeconfig, addresses);
    }

    private static string? Take(List<string> words, string option, string needs, Func<string, bool> isRight) =>
        Take(words, option, needs, value => isRight(value) ? value : null);

    /// <summary>Takes the option and its value out of the words; the default where it is not among them.</summary>
    private static T? Take<T>(List<string> words, string option, string needs, Func<string, T?> read)
    {
        if (words.IndexOf(option) is not (>= 0 and var at)) return default;
        if (at + 1 == words.Count || read(words[at + 1]) is not { } value) throw new BenchException($"{option} needs {needs}.");
        words.RemoveRange(at, 2);
        return value;
    }
}
