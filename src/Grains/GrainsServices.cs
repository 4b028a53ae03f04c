using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Core.Election;
using OrleansLb.Grains.Nodes;
using OrleansLb.Grains.Services;
using OrleansLb.Grains.Status;

namespace OrleansLb.Grains;

/// <summary>Adds what the grains need beside the ports of <c>OrleansLb.Core.Ports</c>: their options.</summary>
public static class GrainsServices
{
    public static IServiceCollection AddGrainOptions(this IServiceCollection services)
    {
        services.AddOptions<LivenessOptions>().BindConfiguration(LivenessOptions.Section)
            .Validate(options => options.HeartbeatInterval > TimeSpan.Zero, "Liveness:HeartbeatInterval must be longer than nothing.")
            .Validate(options => options.Timeout >= options.HeartbeatInterval * 2,
                "Liveness:Timeout must be at least twice Liveness:HeartbeatInterval, or a single late heartbeat kills a node.")
            .Validate(options => options.Standstill > TimeSpan.Zero && options.Standstill <= options.Timeout,
                "Liveness:Standstill must be more than nothing and no longer than Liveness:Timeout: by then others may have taken over.")
            .Validate(options => options.GracefulShutdownTime >= TimeSpan.Zero && options.GracefulShutdownTime <= TimeSpan.FromMinutes(1),
                "Liveness:GracefulShutdownTime must be 0 to 60 s.")
            .ValidateOnStart();
        services.AddOptions<ElectionOptions>().BindConfiguration(ElectionOptions.Section)
            .Validate(options => options.Tolerance is >= 0 and < 1, "Election:Tolerance is a share of the load: 0 or more, and less than 1.")
            .Validate(options => options.RebalanceInterval > TimeSpan.Zero && options.MovesPerInterval > 0,
                "Election:RebalanceInterval and Election:MovesPerInterval must be more than nothing.")
            .Validate(options => options.TestamentRest > TimeSpan.Zero, "Election:TestamentRest must be more than nothing.")
            .ValidateOnStart();
        services.AddOptions<ServiceOptions>().BindConfiguration(ServiceOptions.Section)
            .Validate(options => options.AtOnce > 0, "Services:AtOnce must be at least 1.")
            .Validate(options => options.RetryDelay > TimeSpan.Zero && options.RetryLimit >= options.RetryDelay,
                "Services:RetryDelay must be more than nothing, and Services:RetryLimit no shorter.")
            .ValidateOnStart();
        services.AddOptions<StatusOptions>().BindConfiguration(StatusOptions.Section)
            .Validate(options => options.WritesAtOnce > 0, "Status:WritesAtOnce must be at least 1.")
            .Validate(options => options.RetryDelay > TimeSpan.Zero && options.RetryLimit >= options.RetryDelay,
                "Status:RetryDelay must be more than nothing, and Status:RetryLimit no shorter.")
            .Validate(options => options.CountsInterval > TimeSpan.Zero && options.EventDelay > TimeSpan.Zero,
                "Status:CountsInterval and Status:EventDelay must be more than nothing.")
            .ValidateOnStart();
        services.AddOptions<ReportOptions>().BindConfiguration(ReportOptions.Section)
            .Validate(options => options.Interval > TimeSpan.Zero && options.CompareInterval >= options.Interval,
                "Reports:Interval must be more than nothing, and Reports:CompareInterval no shorter.")
            .Validate(options => options.RetryLimit >= options.Interval, "Reports:RetryLimit must be no shorter than Reports:Interval.")
            .Validate(options => options.ObjectsPerInterval > 0,
                "Reports:ObjectsPerInterval must be at least 1; to write none set Reports:Announcements to false.")
            .ValidateOnStart();
        return services;
    }
}
