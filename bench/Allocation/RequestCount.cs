using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using OrleansLb.Kubernetes;

namespace OrleansLb.Bench.Allocation;

/// <summary>Counts the writes that the service itself sends to the Kubernetes API, by resource, from its own telemetry.</summary>
internal sealed class RequestCount : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, int> _writes = new(StringComparer.Ordinal);

    public RequestCount()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == KubernetesTelemetry.Name && instrument.Name == "orleanslb.kubernetes.request.duration")
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((_, _, tags, _) => Count(tags));
        _listener.Start();
    }

    public int Of(string resource) => _writes.GetValueOrDefault(resource);

    public void Dispose() => _listener.Dispose();

    private void Count(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        string? resource = null;
        foreach (var (name, value) in tags)
        {
            if (name == "http.request.method" && value is "GET") return;
            if (name == "orleanslb.kubernetes.resource") resource = value as string;
        }
        if (resource is not null) _writes.AddOrUpdate(resource, 1, static (_, count) => count + 1);
    }
}
