using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansLb.LocalGrains.Calls;

namespace OrleansLb.LocalGrains;

internal static partial class LocalGrainsLog
{
    [LoggerMessage(LogLevel.Debug, "Activated {Grain}")]
    public static partial void Activated(this ILogger logger, GrainId grain);

    [LoggerMessage(LogLevel.Error, "Could not activate {Grain}")]
    public static partial void ActivationFailed(this ILogger logger, Exception exception, GrainId grain);

    [LoggerMessage(LogLevel.Debug, "Deactivated {Grain}: {Code}, {Description}")]
    public static partial void Deactivated(this ILogger logger, GrainId grain, DeactivationReasonCode code, string description);

    [LoggerMessage(LogLevel.Error, "The deactivation of {Grain} failed; it is gone all the same")]
    public static partial void DeactivationFailed(this ILogger logger, Exception exception, GrainId grain);

    [LoggerMessage(LogLevel.Warning, "A timer of {Grain} failed; it goes on")]
    public static partial void TimerFailed(this ILogger logger, Exception exception, GrainId grain);

    [LoggerMessage(LogLevel.Warning, "The one-way call {Call} failed")]
    public static partial void OneWayCallFailed(this ILogger logger, Exception exception, Call call);

    [LoggerMessage(LogLevel.Debug, "{Call} found no observer: it has been deleted or collected")]
    public static partial void NoObserver(this ILogger logger, Call call);
}
