using Microsoft.Extensions.Logging;
using OrleansLb.Core;

namespace OrleansLb.Grains.Services;

internal static partial class ServicesLog
{
    [LoggerMessage(LogLevel.Warning, "Service {Service} could not be told to think again")]
    public static partial void ReconsiderFailed(this ILogger logger, ServiceName service, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Service {Service} is put off for {Delay}: {Why}")]
    public static partial void PutOff(this ILogger logger, ServiceName service, TimeSpan delay, string why, Exception? exception);

    [LoggerMessage(LogLevel.Debug, "Service {Service} goes on in {Delay} with what is left to do")]
    public static partial void GoesOn(this ILogger logger, ServiceName service, TimeSpan delay);

    [LoggerMessage(LogLevel.Information, "Service {Service}: {Reason}: {Message}")]
    public static partial void Decided(this ILogger logger, ServiceName service, Reason reason, string message);
}
