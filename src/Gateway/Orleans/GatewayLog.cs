using Microsoft.Extensions.Logging;

namespace OrleansLb.Gateway;

/// <summary>What the guards of connections log.</summary>
internal static partial class GatewayLog
{
    [LoggerMessage(LogLevel.Warning, "The connection with {Peer} was refused: {Why} All processes of a cluster need a secret in common (--silo-secret), "
        + "certificates of authorities that are in the ca.crt of each (--silo-tls), or neither; docs/deploy.md has how to change them")]
    public static partial void StrangerRefused(this ILogger logger, string peer, string why);
}
