using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;

namespace OrleansLb.Silo.Telemetry;

/// <summary>Listens to our meters and the runtime's, and writes what they measured in the Prometheus text format 0.0.4.</summary>
internal sealed class MetricsCollector : IDisposable
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly Func<Meter, bool> _wanted;
    private long _scrape;

    public MetricsCollector(Func<Meter, bool>? wanted = null)
    {
        _wanted = wanted ?? IsOurs;
        _listener.InstrumentPublished = Publish;
        _listener.SetMeasurementEventCallback<byte>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<short>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<int>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<long>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<float>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<double>((_, value, tags, state) => Record(state, value, tags));
        _listener.SetMeasurementEventCallback<decimal>((_, value, tags, state) => Record(state, (double)value, tags));
        _listener.Start();
    }

    /// <summary>One scrape: asks the observable instruments, then writes every family once, sorted by name.</summary>
    public string Write()
    {
        Interlocked.Increment(ref _scrape);
        _listener.RecordObservableInstruments();
        var text = new StringBuilder();
        // The values are a copy; the dictionary itself cannot be sorted while instruments are still being published.
        foreach (var family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal)) family.Write(text, _scrape);
        return text.ToString();
    }

    public void Dispose() => _listener.Dispose();

    private static bool IsOurs(Meter meter) => meter.Name.StartsWith("OrleansLb.", StringComparison.Ordinal) || meter.Name == "System.Runtime";

    private void Publish(Instrument instrument, MeterListener listener)
    {
        if (!_wanted(instrument.Meter)) return;
        var family = new MetricFamily(instrument);
        listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(family.Name, family));
    }

    private void Record(object? state, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        (state as MetricFamily)?.Record(value, tags, Volatile.Read(ref _scrape));
}
