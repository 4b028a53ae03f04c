using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Ports;

namespace OrleansLb.Grains.Sync;

internal static partial class SyncLog
{
    [LoggerMessage(LogLevel.Warning, "Reading the cluster failed; it begins again in {Delay}")]
    public static partial void ReadingFailed(this ILogger logger, TimeSpan delay, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Service {Service} could not be told of a change; it is told again")]
    public static partial void DispatchFailed(this ILogger logger, ServiceName service, Exception exception);

    [LoggerMessage(LogLevel.Warning, "What stood before could not be announced at once; each service sees to it by itself")]
    public static partial void NotResumed(this ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Warning, "What was accepted of the configuration could not be written; it is tried again in {Delay}: {Fault}")]
    public static partial void FormsNotKept(this ILogger logger, TimeSpan delay, string fault);

    [LoggerMessage(LogLevel.Information, "The cluster is read and served: {Services} services")]
    public static partial void Ready(this ILogger logger, int services);

    [LoggerMessage(LogLevel.Information, "Addresses of a service {Service} that is gone (uid {Uid}) are released")]
    public static partial void ClaimsCollected(this ILogger logger, ServiceName service, string uid);

    public static void Heard(this ILogger logger, ClusterChange change)
    {
        if (logger.IsEnabled(LogLevel.Debug)) logger.Heard(change.GetType().Name, SubjectOf(change));
    }

    [LoggerMessage(LogLevel.Debug, "The record says: {Change} {Subject}")]
    private static partial void Heard(this ILogger logger, string change, object? subject);

    private static object? SubjectOf(ClusterChange change) => change switch
    {
        ClusterChange.ServiceChanged changed => changed.Service.Service,
        ClusterChange.ServiceGone gone => gone.Service,
        ClusterChange.ClaimChanged changed => changed.Claim.Address,
        ClusterChange.ClaimGone gone => gone.Claim.Address,
        ClusterChange.NodeChanged changed => changed.Node.Name,
        ClusterChange.NodeGone gone => gone.Node,
        _ => null,
    };
}
