using Microsoft.Extensions.Logging;
using OrleansLb.Core;

namespace OrleansLb.Grains.Routes;

internal static partial class RoutesLog
{
    [LoggerMessage(LogLevel.Debug, "Service {Service} could not be asked for its routes; it is served anew")]
    public static partial void NotAsked(this ILogger logger, ServiceName service, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Node {Node} could not be told that routes have changed; it is told again in {Delay}")]
    public static partial void NotTold(this ILogger logger, NodeName node, TimeSpan delay, Exception? exception);

    [LoggerMessage(LogLevel.Debug, "Service {Service} tells the set of its routes: {Addresses} addresses")]
    public static partial void Heard(this ILogger logger, ServiceName service, int addresses);

    [LoggerMessage(LogLevel.Debug, "Node {Node} is told that routes have changed")]
    public static partial void Tells(this ILogger logger, NodeName node);
}
