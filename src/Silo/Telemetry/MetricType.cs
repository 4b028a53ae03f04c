namespace OrleansLb.Silo.Telemetry;

/// <summary>The metric types of the Prometheus text format that we write.</summary>
internal enum MetricType
{
    Counter,
    Gauge,
    Histogram,
}
