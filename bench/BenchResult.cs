using System.Globalization;
using System.Text;
using System.Text.Json;

namespace OrleansLb.Bench;

/// <summary>What a benchmark measured: rows of figures, and ratios against the peer measured in the same run.</summary>
internal sealed record BenchResult(string Bench, IReadOnlyList<BenchRow> Rows, IReadOnlyDictionary<string, double> Ratios)
{
    private static readonly JsonSerializerOptions Camel = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    /// <summary>One JSON object: <c>{"bench":…,"rows":[{"name":…, figures…}],"ratios":{…}}</c>.</summary>
    public string ToJson() => JsonSerializer.Serialize(new { Bench, Rows = Rows.Select(row => row.Flat()), Ratios }, Camel);

    public string ToTable()
    {
        var columns = Rows.SelectMany(row => row.Figures.Keys).Distinct().ToList();
        var width = Math.Max(10, Rows.Max(row => row.Name.Length));
        var table = new StringBuilder();
        table.Append("".PadRight(width));
        foreach (var column in columns) table.Append("  ").Append(column);
        foreach (var row in Rows)
        {
            table.AppendLine().Append(row.Name.PadRight(width));
            foreach (var column in columns)
                table.Append("  ").Append(Text(row.Figures.TryGetValue(column, out var figure) ? figure : null).PadLeft(column.Length));
        }
        foreach (var (name, ratio) in Ratios) table.AppendLine().Append(CultureInfo.InvariantCulture, $"{name}: {ratio:0.00}");
        return table.ToString();
    }

    private static string Text(double? figure) => figure?.ToString("0.##", CultureInfo.InvariantCulture) ?? "";
}
