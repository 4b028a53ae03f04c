using System.Globalization;
using System.Text;

namespace OrleansLb.Silo.Telemetry;

/// <summary>The value of one instrument under one set of labels. Written to by any thread, without locks.</summary>
internal sealed class Series(string labels, double[] bounds)
{
    private readonly long[] _buckets = new long[bounds.Length + 1];
    private double _value;

    /// <summary>The labels as the text format has them, without braces; empty when there are none.</summary>
    public string Labels { get; } = labels;

    /// <summary>The scrape in which an observable instrument last reported this series.</summary>
    public long SeenIn { get; private set; }

    public void Add(double amount)
    {
        double seen;
        do seen = Volatile.Read(ref _value);
        while (Interlocked.CompareExchange(ref _value, seen + amount, seen) != seen);
    }

    public void Set(double value, long scrape)
    {
        Volatile.Write(ref _value, value);
        SeenIn = scrape;
    }

    /// <summary>Counts the value in the first bucket whose upper bound it does not exceed.</summary>
    public void Observe(double value)
    {
        var index = Array.BinarySearch(bounds, value);
        Interlocked.Increment(ref _buckets[index < 0 ? ~index : index]);
        Add(value);
    }

    public void Write(StringBuilder text, string name, MetricType type)
    {
        if (type == MetricType.Histogram) WriteHistogram(text, name);
        else WriteLine(text, name, Labels, Volatile.Read(ref _value));
    }

    private void WriteHistogram(StringBuilder text, string name)
    {
        var separator = Labels.Length == 0 ? "" : ",";
        long total = 0;
        for (var i = 0; i < _buckets.Length; i++)
        {
            total += Volatile.Read(ref _buckets[i]);
            var bound = i < bounds.Length ? Number(bounds[i]) : "+Inf";
            WriteLine(text, name + "_bucket", $"{Labels}{separator}le=\"{bound}\"", total);
        }
        WriteLine(text, name + "_sum", Labels, Volatile.Read(ref _value));
        WriteLine(text, name + "_count", Labels, total);
    }

    private static void WriteLine(StringBuilder text, string name, string labels, double value)
    {
        text.Append(name);
        if (labels.Length > 0) text.Append('{').Append(labels).Append('}');
        text.Append(' ').Append(Number(value)).Append('\n');
    }

    private static string Number(double value) =>
        double.IsPositiveInfinity(value) ? "+Inf"
        : double.IsNegativeInfinity(value) ? "-Inf"
        : value.ToString(CultureInfo.InvariantCulture);
}
