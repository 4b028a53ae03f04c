using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace OrleansLb.Silo.Telemetry;

/// <summary>Sends traces and metrics by OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set; the exporter reads that and its siblings itself.</summary>
internal sealed class OtlpExport : IHostedService, IDisposable
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>A collector that does not answer must not hold up the stop.</summary>
    private const int FlushMilliseconds = 2000;

    /// <summary>Ours, and Orleans' own: under it a trace goes from grain to grain only when somebody listens to those.</summary>
    public static readonly string[] Sources = ["OrleansLb.*", "Microsoft.Orleans.*"];

    /// <summary>Where to send them is set.</summary>
    public static bool IsWanted => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(EndpointVariable));

    private TracerProvider? _traces;
    private MeterProvider? _metrics;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (!IsWanted) return Task.CompletedTask;
        var resource = ResourceBuilder.CreateDefault().AddService("orleanslb", serviceVersion: ProductVersion.Text).AddEnvironmentVariableDetector();
        _traces = Sdk.CreateTracerProviderBuilder().SetResourceBuilder(resource).AddSource(Sources).AddOtlpExporter().Build();
        _metrics = Sdk.CreateMeterProviderBuilder().SetResourceBuilder(resource).AddMeter("OrleansLb.*", "System.Runtime").AddOtlpExporter().Build();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        _traces?.ForceFlush(FlushMilliseconds);
        _metrics?.ForceFlush(FlushMilliseconds);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _traces?.Shutdown(FlushMilliseconds);
        _metrics?.Shutdown(FlushMilliseconds);
        _traces?.Dispose();
        _metrics?.Dispose();
    }
}
