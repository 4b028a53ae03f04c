using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Silo.Hosting;
using OrleansLb.Silo.Lab;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Story;
using OrleansLb.Silo.Telemetry;

namespace OrleansLb.Lab.Tests;

/// <summary>What the service tells of itself while it works.</summary>
public sealed class TelemetryTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_trace_spans_a_service_from_the_event_of_the_api_to_the_first_frame()
    {
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => OtlpExport.Sources.Any(pattern => source.Name.StartsWith(pattern.TrimEnd('*'), StringComparison.Ordinal)),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await using var network = new MemoryNetwork(LabPlan.Of(2), TimeProvider.System);
        await using (var service = await LabService.Start(network, null, new IPEndPoint(IPAddress.Loopback, 0), LogSettings.Quiet, Stop))
        {
            var stage = new LabStage(network, service, new Narrator(TextWriter.Null, bold: false), TimeProvider.System);
            await Scenario.All.Single(scenario => scenario.Name == "orleanslb").Play(stage, Stop);
        }

        var frame = ended.First(activity => activity.Source.Name == "OrleansLb.Speaker");
        var trace = ended.Where(activity => activity.TraceId == frame.TraceId).ToList();
        Assert.Contains(trace, activity =>
            activity.Source.Name == "OrleansLb.Grains" && activity.DisplayName.StartsWith("sync ", StringComparison.Ordinal)
                && activity.ParentSpanId == default);
        Assert.Contains(trace, activity => activity.DisplayName == "service change");
        Assert.All(trace.Where(activity => activity.ParentSpanId != default),
            activity => Assert.Contains(trace, parent => parent.SpanId == activity.ParentSpanId));
    }

    [Fact]
    public async Task Traces_and_metrics_go_out_by_otlp_when_an_endpoint_is_given()
    {
        var posted = Channel.CreateUnbounded<string>();
        await using var collector = await Collector(posted.Writer);
        using var data = new TemporaryFolder();
        var environment = new Dictionary<string, string>
        {
            ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First(),
            ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
            ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
            ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
        };

        await using var run = await RunningProgram.Serve(data.Path, environment, Stop);

        var seen = new HashSet<string>();
        while (!seen.IsSupersetOf(["/v1/traces", "/v1/metrics"])) seen.Add(await posted.Reader.ReadAsync(Stop));
        Assert.Equal(0, await run.Stop(Stop));
    }

    [Fact]
    public async Task Json_logs_are_one_object_a_line()
    {
        using var data = new TemporaryFolder();
        await using var run = await RunningProgram.Serve(data.Path, Stop, "--log-format", "json");
        (await run.Kubectl("wait node/node1 --for=condition=Ready --timeout=60s", Stop)).Succeeded();
        await run.Stop(Stop);

        var lines = run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.NotEmpty(lines);
        Assert.All(lines,
            line => Assert.Contains(JsonDocument.Parse(line).RootElement.GetProperty("LogLevel").GetString(), (string[])["Information", "Warning"]));
    }

    private static async Task<WebApplication> Collector(ChannelWriter<string> posted)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(context =>
        {
            posted.TryWrite(context.Request.Path.Value!);
            context.Response.ContentType = "application/x-protobuf";
            return Task.CompletedTask;
        });
        await app.StartAsync(Stop);
        return app;
    }
}
