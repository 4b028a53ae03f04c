using System.Globalization;

namespace OrleansLb.Silo.Telemetry;

/// <summary>The tags of a measurement as labels of the Prometheus text format, sorted by name.</summary>
internal static class PrometheusLabels
{
    public static string Of(IEnumerable<KeyValuePair<string, object?>> tags) => string.Join(',', tags
        .Select(tag => (Name: PrometheusName.Escape(tag.Key), Value: Convert.ToString(tag.Value, CultureInfo.InvariantCulture) ?? ""))
        .OrderBy(label => label.Name, StringComparer.Ordinal)
        .Select(label => $"{label.Name}=\"{EscapeValue(label.Value)}\""));

    /// <summary>Help text: backslash and line feed are escaped, quotes are not.</summary>
    public static string EscapeHelp(string text) => text.Replace("\\", @"\\").Replace("\n", @"\n");

    private static string EscapeValue(string text) => EscapeHelp(text).Replace("\"", "\\\"");
}
