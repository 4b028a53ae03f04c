using System.Collections.Immutable;
using System.Diagnostics.Metrics;
using System.Text;

namespace OrleansLb.Silo.Telemetry;

/// <summary>All that is measured under one name: its series, found by tags without allocating. Instruments of equal name add up.</summary>
internal sealed class MetricFamily
{
    /// <summary>
    /// So that a label with unbounded values cannot eat the memory: what comes after it shares one series (OpenTelemetry's cardinality limit).
    /// </summary>
    private const int MaxSeries = 2000;

    /// <summary>Upper bounds in seconds: from a fast ARP reply to a slow API call.</summary>
    private static readonly double[] DefaultBounds =
        [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

    private readonly Instrument _instrument;
    private readonly double[] _bounds;
    private readonly Series _overflow;
    private ImmutableArray<Tagged> _series = [];

    public MetricFamily(Instrument instrument)
    {
        _instrument = instrument;
        Type = TypeOf(instrument);
        Name = PrometheusName.Of(instrument, Type);
        _bounds = Type == MetricType.Histogram ? BoundsOf(instrument) : [];
        _overflow = new("otel_metric_overflow=\"true\"", _bounds);
    }

    public string Name { get; }

    public MetricType Type { get; }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> tags, long scrape)
    {
        var series = Find(tags) ?? Create(tags);
        if (Type == MetricType.Histogram) series.Observe(value);
        else if (_instrument.IsObservable || IsPlainGauge(_instrument)) series.Set(value, scrape);
        else series.Add(value);
    }

    public void Write(StringBuilder text, long scrape)
    {
        var live = _series.Select(tagged => tagged.Series).Distinct().Where(series => !_instrument.IsObservable || series.SeenIn == scrape)
            .OrderBy(series => series.Labels, StringComparer.Ordinal).ToList();
        if (_series.Length >= MaxSeries) live.Add(_overflow);
        if (live.Count == 0) return;
        text.Append("# HELP ").Append(Name).Append(' ').Append(PrometheusLabels.EscapeHelp(_instrument.Description ?? "")).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(' ').Append(Type.ToString().ToLowerInvariant()).Append('\n');
        foreach (var series in live) series.Write(text, Name, Type);
    }

    private Series? Find(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var tagged in _series.AsSpan())
        {
            if (tagged.Matches(tags)) return tagged.Series;
        }
        return null;
    }

    /// <summary>Tags that come in another order make the same labels, and share the series.</summary>
    private Series Create(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var copy = tags.ToArray();
        var labels = PrometheusLabels.Of(copy);
        ImmutableInterlocked.Update(ref _series, known => known.Length >= MaxSeries || known.Any(tagged => tagged.Matches(copy))
            ? known
            : known.Add(new Tagged(copy, known.FirstOrDefault(tagged => tagged.Series.Labels == labels)?.Series ?? new Series(labels, _bounds))));
        return Find(tags) ?? _overflow;
    }

    private static MetricType TypeOf(Instrument instrument) => GenericName(instrument) switch
    {
        "Counter" or "ObservableCounter" => MetricType.Counter,
        "Histogram" => MetricType.Histogram,
        _ => MetricType.Gauge,
    };

    private static bool IsPlainGauge(Instrument instrument) => GenericName(instrument) == "Gauge";

    private static string GenericName(Instrument instrument) => instrument.GetType().Name.Split('`')[0];

    private static double[] BoundsOf(Instrument instrument) => instrument switch
    {
        Histogram<double> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds],
        Histogram<long> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        Histogram<int> { Advice.HistogramBucketBoundaries: { } bounds } => [.. bounds.Select(bound => (double)bound)],
        _ => DefaultBounds,
    };

    private sealed record Tagged(KeyValuePair<string, object?>[] Tags, Series Series)
    {
        public bool Matches(ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            if (tags.Length != Tags.Length) return false;
            for (var i = 0; i < tags.Length; i++)
            {
                if (tags[i].Key != Tags[i].Key || !Equals(tags[i].Value, Tags[i].Value)) return false;
            }
            return true;
        }
    }
}
