using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Speaker;

namespace OrleansLb.Silo.Hosting;

/// <summary>What the host logs.</summary>
internal static partial class HostingLog
{
    [LoggerMessage(LogLevel.Warning, "The session of node {Node}'s speaker ended; it is begun again")]
    public static partial void SessionLost(this ILogger logger, NodeName node);

    [LoggerMessage(LogLevel.Warning, "The session of node {Node}'s speaker failed; it is begun again")]
    public static partial void SessionFailed(this ILogger logger, NodeName node, Exception exception);

    [LoggerMessage(LogLevel.Warning, "The reading of the cluster could not be seen to; it is tried again")]
    public static partial void SyncNotStarted(this ILogger logger, Exception exception);

    [LoggerMessage(LogLevel.Warning, "Node {Node} could not hand its addresses over before it left")]
    public static partial void LeaveFailed(this ILogger logger, NodeName node, Exception exception);

    [LoggerMessage(LogLevel.Warning, "{Message}")]
    public static partial void ServedBesides(this ILogger logger, string message);

    [LoggerMessage(LogLevel.Information, "No other process serves the cluster any more")]
    public static partial void ServesAlone(this ILogger logger);

    [LoggerMessage(LogLevel.Information, "Whether other processes serve the cluster besides this one cannot be seen: {Fault}")]
    public static partial void OthersNotSeen(this ILogger logger, string fault);

    [LoggerMessage(LogLevel.Information, "The Lease by which this process said that it lives could not be removed: {Fault}")]
    public static partial void SignNotTakenAway(this ILogger logger, string fault);

    [LoggerMessage(LogLevel.Debug, "The speaker of node {Node} was given version {Version} of its plan: {Outcome}")]
    public static partial void PlanGiven(this ILogger logger, NodeName node, long version, PlanOutcome outcome);
}
