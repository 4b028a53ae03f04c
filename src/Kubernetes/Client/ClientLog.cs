using Microsoft.Extensions.Logging;

namespace OrleansLb.Kubernetes.Client;

/// <summary>What the client tells an operator.</summary>
internal static partial class ClientLog
{
    [LoggerMessage(LogLevel.Warning, "The Kubernetes API warns: {Warning}")]
    public static partial void ServerWarned(this ILogger logger, string warning);

    [LoggerMessage(LogLevel.Warning, "Reading {Resource} failed; trying again in {Delay}: {Fault}")]
    public static partial void ReadFailed(this ILogger logger, string resource, TimeSpan delay, string fault);

    [LoggerMessage(LogLevel.Information, "Objects of {Resource} are not read, and count as none until a role grants it: {Fault}")]
    public static partial void ReadNotPermitted(this ILogger logger, string resource, string fault);

    [LoggerMessage(LogLevel.Information, "Reading {Resource} works again")]
    public static partial void ReadRecovered(this ILogger logger, string resource);

    [LoggerMessage(LogLevel.Debug, "The watch of {Resource} ended: {Why}")]
    public static partial void WatchEnded(this ILogger logger, string resource, string why);

    [LoggerMessage(LogLevel.Trace, "A watch was stopped")]
    public static partial void WatchStopped(this ILogger logger);

    [LoggerMessage(LogLevel.Debug, "The server lists {Resource} without streaming: {Why}")]
    public static partial void StreamingListRefused(this ILogger logger, string resource, string why);
}
