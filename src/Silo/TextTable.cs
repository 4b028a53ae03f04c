namespace OrleansLb.Silo;

/// <summary>Rows under headings, in columns as wide as their widest cell: readable, and easy to cut.</summary>
internal static class TextTable
{
    private const string Gap = "   ";

    public static void Write(TextWriter output, IReadOnlyList<string> headings, IEnumerable<IReadOnlyList<string>> rows)
    {
        List<IReadOnlyList<string>> lines = [headings, .. rows];
        var widths = headings.Select((_, column) => lines.Max(line => line[column].Length)).ToList();
        foreach (var line in lines) output.WriteLine(string.Join(Gap, line.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
    }
}
