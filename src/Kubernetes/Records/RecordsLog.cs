using Microsoft.Extensions.Logging;
using OrleansLb.Core;

namespace OrleansLb.Kubernetes.Records;

/// <summary>What the writers of records tell an operator.</summary>
internal static partial class RecordsLog
{
    [LoggerMessage(LogLevel.Debug, "{Service} is gone or was replaced while its status was written")]
    public static partial void ServiceGoneMeanwhile(this ILogger logger, ServiceName service);

    [LoggerMessage(LogLevel.Warning, "The API refused the status of {Service}: {Fault}")]
    public static partial void StatusRefused(this ILogger logger, ServiceName service, string fault);

    [LoggerMessage(LogLevel.Warning,
        "What was accepted of the configuration is not kept (AcceptedForm), so that an object that is wrong at a start is not used at all: {Fault}")]
    public static partial void FormNotKept(this ILogger logger, string fault);

    [LoggerMessage(LogLevel.Debug, "No status was written ({Access}): {Fault}")]
    public static partial void StatusObjectGone(this ILogger logger, string access, string fault);

    [LoggerMessage(LogLevel.Warning, "The API does not permit '{Access}', and some status is not shown for want of it: {Fault}")]
    public static partial void StatusNotPermitted(this ILogger logger, string access, string fault);
}
