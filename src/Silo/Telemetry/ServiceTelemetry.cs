using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OrleansLb.Silo.Hosting;

namespace OrleansLb.Silo.Telemetry;

/// <summary>Adds logs, metrics and traces to the host.</summary>
internal static class ServiceTelemetry
{
    public static void AddServiceTelemetry(this IServiceCollection services)
    {
        services.AddSingleton<MetricsCollector>();
        services.AddHostedService<OtlpExport>();
    }

    /// <summary>Logs go to standard error, so that what a verb prints stays clean.</summary>
    public static void AddServiceLogging(this WebApplicationBuilder builder, LogSettings log, Shutdown shutdown)
    {
        builder.Logging.SetMinimumLevel(log.Level);
        builder.Logging.AddFilter((category, level) => LogRules.IsWanted(category, level, log.Level, shutdown.HasBegun));
        if (log.Recent is { } recent) builder.Logging.AddProvider(recent).AddFilter<RecentLog>(RecentLog.IsWanted);
        builder.Logging.AddConsole(console =>
        {
            console.LogToStandardErrorThreshold = LogLevel.Trace;
            console.FormatterName = log.Json ? ConsoleFormatterNames.Json : ConsoleFormatterNames.Simple;
        });
        builder.Services.Configure<SimpleConsoleFormatterOptions>(text =>
            (text.SingleLine, text.UseUtcTimestamp, text.TimestampFormat) = (true, true, "yyyy-MM-ddTHH:mm:ss.fffZ "));
        builder.Services.Configure<JsonConsoleFormatterOptions>(json => (json.UseUtcTimestamp, json.TimestampFormat) = (true, "yyyy-MM-ddTHH:mm:ss.fffZ"));
    }
}
