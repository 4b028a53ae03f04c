using Microsoft.Extensions.Logging;
using OrleansLb.Core;

namespace OrleansLb.Grains.Nodes;

internal static partial class NodesLog
{
    [LoggerMessage(LogLevel.Information, "Speaker of node {Node} connected with session {Session}; its plan has {Count} addresses")]
    public static partial void SpeakerConnected(this ILogger logger, NodeName node, string session, int count);

    [LoggerMessage(LogLevel.Information, "Node {Node} leaves; {Count} addresses go to other nodes first")]
    public static partial void SpeakerLeaves(this ILogger logger, NodeName node, int count);

    [LoggerMessage(LogLevel.Information, "Node {Node} is gone ({Reason}); {Count} services need another")]
    public static partial void NodeGone(this ILogger logger, NodeName node, Reason reason, int count);

    [LoggerMessage(LogLevel.Information, "Node {Node} takes over {Count} addresses of node {From}, which is lost")]
    public static partial void Inherited(this ILogger logger, NodeName node, NodeName from, int count);

    [LoggerMessage(LogLevel.Warning, "Node {Node} could not be told what it takes over should another be lost; until it is, that takes a call more")]
    public static partial void HeirsNotTold(this ILogger logger, NodeName node, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Node {Node} came back {Times} times of late; it is held down until {HeldUntil}")]
    public static partial void NodeFlaps(this ILogger logger, NodeName node, int times, DateTimeOffset heldUntil);

    [LoggerMessage(LogLevel.Warning, "The status of node {Node} is not shown in the record; tried again after {Delay}: {Fault}")]
    public static partial void StatusNotShown(this ILogger logger, NodeName node, TimeSpan delay, string fault);

    [LoggerMessage(LogLevel.Warning, "Service {Service} could not elect an announcer; it will try again")]
    public static partial void ElectionFailed(this ILogger logger, ServiceName service, Exception exception);

    [LoggerMessage(LogLevel.Debug, "Node {Node} has built its routes, {Services} services anew; it has {Routes}, which is all: {IsComplete}")]
    public static partial void RoutesBuilt(this ILogger logger, NodeName node, int services, int routes, bool isComplete);

    [LoggerMessage(LogLevel.Debug, "Session {Session} is told version {Version} of its plan")]
    public static partial void PlanTold(this ILogger logger, string session, long version);
}
