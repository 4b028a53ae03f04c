using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;

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

    [LoggerMessage(LogLevel.Debug, "Service {Service} is told of itself (uid {Uid}): wanted {IsWanted}, it shows {Held}")]
    public static partial void Observed(this ILogger logger, ServiceName service, string uid, bool isWanted, EquatableList<Address> held);

    [LoggerMessage(LogLevel.Debug, "Service {Service} is told that it is gone (uid {Uid})")]
    public static partial void ToldGone(this ILogger logger, ServiceName service, string uid);

    [LoggerMessage(LogLevel.Debug, "A run of service {Service} begins")]
    public static partial void RunBegins(this ILogger logger, ServiceName service);

    [LoggerMessage(LogLevel.Debug, "A run of service {Service} has ended; all is done: {IsDone}")]
    public static partial void RunEnded(this ILogger logger, ServiceName service, bool isDone);
}
