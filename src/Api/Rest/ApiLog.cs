using Microsoft.Extensions.Logging;

namespace OrleansLb.Api.Rest;

/// <summary>What the API tells its operator.</summary>
internal static partial class ApiLog
{
    [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
    public static partial void RequestFailed(this ILogger logger, Exception fault, string method, string path);
}
