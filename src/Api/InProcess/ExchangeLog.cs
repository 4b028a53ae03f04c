using Microsoft.Extensions.Logging;

namespace OrleansLb.Api.InProcess;

internal static partial class ExchangeLog
{
    [LoggerMessage(LogLevel.Error, "{Method} {Path} has failed")]
    public static partial void ExchangeFailed(this ILogger logger, Exception fault, string method, string? path);

    [LoggerMessage(LogLevel.Error, "A callback of {Method} {Path} has failed")]
    public static partial void CallbackFailed(this ILogger logger, Exception fault, string method, string? path);
}
