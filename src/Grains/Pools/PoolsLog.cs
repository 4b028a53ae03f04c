using Microsoft.Extensions.Logging;
using OrleansLb.Core;

namespace OrleansLb.Grains.Pools;

/// <summary>What pools log.</summary>
internal static partial class PoolsLog
{
    [LoggerMessage(LogLevel.Warning, "The claims of pool {Pool} cannot be written, its addresses are given and released when they can: {Fault}")]
    public static partial void ClaimsNotWritten(this ILogger logger, PoolName pool, string fault);

    [LoggerMessage(LogLevel.Information, "The claims of pool {Pool} can be written again")]
    public static partial void ClaimsWrittenAgain(this ILogger logger, PoolName pool);
}
