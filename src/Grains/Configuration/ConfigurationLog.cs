using Microsoft.Extensions.Logging;
using OrleansLb.Core.Configuration;

namespace OrleansLb.Grains.Configuration;

internal static partial class ConfigurationLog
{
    [LoggerMessage(LogLevel.Information, "Configuration {Version} is live: {Pools} pools, {Problems} problems")]
    public static partial void ConfigurationChanged(this ILogger logger, long version, int pools, int problems);

    [LoggerMessage("{Problem}")]
    public static partial void ConfigurationProblem(this ILogger logger, LogLevel level, Problem problem);
}
