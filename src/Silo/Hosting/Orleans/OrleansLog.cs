using Microsoft.Extensions.Logging;
using OrleansLb.Core;

namespace OrleansLb.Silo.Hosting;

/// <summary>What the hosting of silos logs.</summary>
internal static partial class OrleansLog
{
    [LoggerMessage(LogLevel.Warning, "The silo of node {Node} ({Silo}) is dead")]
    public static partial void SiloDied(this ILogger logger, string node, string silo);

    [LoggerMessage(LogLevel.Critical, "This silo cannot go on, announces nothing any more and starts anew: {Reason}")]
    public static partial void SiloDoomed(this ILogger logger, string reason, Exception? exception);

    [LoggerMessage(LogLevel.Warning, "Nobody listens at silo {Silo} any more: it is declared dead")]
    public static partial void SiloRefuses(this ILogger logger, string silo);

    [LoggerMessage(LogLevel.Warning, "Silo {Silo} could not be declared dead, the probes will: {Fault}")]
    public static partial void SiloNotKilled(this ILogger logger, string silo, string fault);

    [LoggerMessage(LogLevel.Information, "Silo {Silo} does not answer; it is starting, so no vote is given on it yet")]
    public static partial void VoteHeldBack(this ILogger logger, string silo);

    [LoggerMessage(LogLevel.Warning, "Silo {Silo} does not answer but its process does: it is busy, and no vote is given on it for {Reprieve}")]
    public static partial void SlowSiloSpared(this ILogger logger, string silo, TimeSpan reprieve);

    [LoggerMessage(LogLevel.Warning, "UDP {EndPoint} cannot be had: others cannot tell whether this process runs when its silo is slow, and may declare it dead "
        + "sooner ({Fault})")]
    public static partial void PulseNotHeard(this ILogger logger, System.Net.EndPoint endPoint, string fault);

    [LoggerMessage(LogLevel.Warning, "The pod of silo {Silo} is gone: the silo is declared dead")]
    public static partial void PodGone(this ILogger logger, string silo);

    [LoggerMessage(LogLevel.Warning, "The death of node {Node}'s silo could not be told; the node's services find out by themselves")]
    public static partial void DeathNotTold(this ILogger logger, string node, Exception exception);

    [LoggerMessage(LogLevel.Warning, "What node {Node} has left could not be taken over at once; its services find another announcer by themselves")]
    public static partial void NotInherited(this ILogger logger, string node, Exception exception);

    [LoggerMessage(LogLevel.Warning, "A call of silo {Silo}, which is dead, came late and is refused")]
    public static partial void LateCallRefused(this ILogger logger, string silo);

    [LoggerMessage(LogLevel.Warning, "The membership changed and could not be read: {Fault}")]
    public static partial void MembershipNotRefreshed(this ILogger logger, string fault);

    [LoggerMessage(LogLevel.Warning, "The Kubernetes API cannot be asked yet; the silo starts when it can: {Fault}")]
    public static partial void WaitsForApi(this ILogger logger, string fault);

    [LoggerMessage(LogLevel.Warning, "This silo is not a member yet: it has to reach all that are, and does not reach every one of {Silos}. Are their ports open "
        + "to it, and its own to them, and do all have the same --silo-secret or --silo-tls?")]
    public static partial void NotJoined(this ILogger logger, string silos);

    [LoggerMessage(LogLevel.Warning, "The grain of node {Node} could not be brought to its node; it works where it is")]
    public static partial void NodeNotSettled(this ILogger logger, NodeName node, Exception exception);

    /// <param name="logger">Where to.</param>
    /// <param name="isHeard">The others of the cluster, or its membership, answer again; or they do not any more.</param>
    public static void ContactChanged(this ILogger logger, bool isHeard)
    {
        if (isHeard) logger.ContactFound();
        else logger.ContactLost();
    }

    [LoggerMessage(LogLevel.Information, "The cluster answers")]
    private static partial void ContactFound(this ILogger logger);

    [LoggerMessage(LogLevel.Warning, "Neither another silo nor the membership answers: the speaker goes on, and gives way to whoever claims its addresses")]
    private static partial void ContactLost(this ILogger logger);
}
