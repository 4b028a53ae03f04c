using System.Diagnostics.Metrics;
using System.Text;

namespace OrleansLb.Silo.Telemetry;

/// <summary>
/// Names an instrument as Prometheus does: words joined by underscores, the unit as a suffix, <c>_total</c> on counters (OpenTelemetry's compatibility rules).
/// </summary>
internal static class PrometheusName
{
    public static string Of(Instrument instrument, MetricType type)
    {
        var name = Escape(instrument.Name);
        var unit = UnitSuffix(instrument.Unit, type);
        if (unit.Length > 0 && !name.EndsWith(unit, StringComparison.Ordinal)) name += unit;
        return type == MetricType.Counter && !name.EndsWith("_total", StringComparison.Ordinal) ? name + "_total" : name;
    }

    /// <summary>The metric name alphabet is <c>[a-zA-Z_:][a-zA-Z0-9_:]*</c>; a label's is the same without the colon, which we never write.</summary>
    public static string Escape(string name)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var letter in name) text.Append(char.IsAsciiLetterOrDigit(letter) ? letter : '_');
        if (text.Length == 0 || char.IsAsciiDigit(text[0])) text.Insert(0, '_');
        return text.ToString();
    }

    /// <summary>UCUM units in words. An annotation such as <c>{packet}</c> says what is counted and is no unit.</summary>
    private static string UnitSuffix(string? unit, MetricType type) => unit switch
    {
        null or "" => "",
        "s" => "_seconds",
        "ms" => "_milliseconds",
        "us" => "_microseconds",
        "By" => "_bytes",
        "%" => "_percent",
        "1" => type == MetricType.Gauge ? "_ratio" : "",
        _ when unit[0] == '{' => "",
        _ => "_" + Escape(unit),
    };
}
