using Microsoft.Extensions.Logging;
using OrleansLb.Core;

namespace OrleansLb.Grains.Services;

internal static partial class ServicesLog
{
    [LoggerMessage(LogLevel.Warning, "Service {Service} could not be told to think again")]
    public static partial void ReconsiderFailed(this ILogger logger, ServiceName service, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Service {Service} is put off for {Delay}")]
    public static partial void PutOff(this ILogger logger, ServiceName service, TimeSpan delay, Exception? exception);

    [LoggerMessage(LogLevel.Information, "Service {Service}: {Reason}: {Message}")]
    public static partial void Decided(this ILogger logger, ServiceName service, Reason reason, string message);
}
