using Microsoft.Extensions.Logging;

namespace OrleansLb.Grains.Status;

internal static partial class StatusLog
{
    [LoggerMessage(LogLevel.Warning, "The {What} could not be written, and are tried again later: {Fault}")]
    public static partial void StatusNotWritten(this ILogger logger, string what, string fault);
}
