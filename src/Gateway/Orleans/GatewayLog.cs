using Microsoft.Extensions.Logging;

namespace OrleansLb.Gateway;

/// <summary>What the guards of connections log.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(LogLevel.Warning, "The connection with {Peer} was refused: {Why}")]
    public static partial void StrangerRefused(this ILogger logger, string peer, string why);
}
