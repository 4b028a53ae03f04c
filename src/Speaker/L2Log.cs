using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Protocols;

namespace OrleansLb.Speaker;

internal static partial class L2Log
{
    [LoggerMessage(LogLevel.Information, "Announcing {Address} on {Interfaces} for {Service} (epoch {Epoch})")]
    public static partial void Announcing(this ILogger log, Address address, EquatableList<string> interfaces, ServiceName service, long epoch);

    [LoggerMessage(LogLevel.Information, "Withdrew {Address} of {Service}")]
    public static partial void Withdrew(this ILogger log, Address address, ServiceName service);

    [LoggerMessage(LogLevel.Warning, "{Reason}")]
    public static partial void NoInterface(this ILogger log, string reason);

    [LoggerMessage(LogLevel.Warning, "The announcement of {Address} left by none of {Interfaces}; it is tried again")]
    public static partial void NotAnnounced(this ILogger log, Address address, EquatableList<string> interfaces);

    [LoggerMessage(LogLevel.Warning, "{Address}, announced here, is claimed on {InterfaceName} by {Holder}; the policy is {Policy}")]
    public static partial void ConflictSeen(this ILogger log, Address address, string interfaceName, HardwareAddress holder, ConflictPolicy policy);

    [LoggerMessage(LogLevel.Warning, "{Address} of {Service} was to be used for the first time, but {Holder} on {InterfaceName} has it")]
    public static partial void FoundTaken(this ILogger log, Address address, ServiceName service, string interfaceName, HardwareAddress holder);

    [LoggerMessage(LogLevel.Warning, "Yielded {Address} of {Service} to another holder for {Pause}")]
    public static partial void Yielded(this ILogger log, Address address, ServiceName service, TimeSpan pause);

    [LoggerMessage(LogLevel.Information, "The process of node {Node} stood still, its interface was away, or the cluster gave the node up: nothing is "
        + "answered or announced until that is settled")]
    public static partial void Fenced(this ILogger log, NodeName node);

    [LoggerMessage(LogLevel.Information, "The cluster confirms the plan of node {Node}: it speaks again")]
    public static partial void FenceConfirmed(this ILogger log, NodeName node);

    [LoggerMessage(LogLevel.Warning, "Without the cluster's word the speaker of node {Node} asks the segment who else holds its {Count} addresses")]
    public static partial void OnItsOwn(this ILogger log, NodeName node, int count);

    [LoggerMessage(LogLevel.Warning, "Nobody on the segment has taken over from node {Node}: it speaks again without the cluster's word")]
    public static partial void FenceLifted(this ILogger log, NodeName node);

    [LoggerMessage(LogLevel.Warning, "{Message}")]
    public static partial void KernelAnswers(this ILogger log, string message);

    [LoggerMessage(LogLevel.Error, "Interface {InterfaceName} cannot be used")]
    public static partial void LinkFailed(this ILogger log, Exception cause, string interfaceName);

    [LoggerMessage(LogLevel.Warning, "{Address} is announced on {InterfaceName} with the hardware address of the interface")]
    public static partial void VirtualMacRefused(this ILogger log, Exception cause, Address address, string interfaceName);

    [LoggerMessage(LogLevel.Information, "Interfaces changed: {Links}")]
    public static partial void LinksChanged(this ILogger log, string links);

    [LoggerMessage(LogLevel.Error, "The interfaces can no longer be watched; trying again")]
    public static partial void WatchFailed(this ILogger log, Exception cause);

    [LoggerMessage(LogLevel.Error, "A step of the speaker failed: {Step}")]
    public static partial void StepFailed(this ILogger log, Exception bug, string step);

    [LoggerMessage(LogLevel.Warning, "A plan for version {Version} was not followed ({Outcome}); the speaker follows version {Current}")]
    public static partial void PlanNotFollowed(this ILogger log, long version, PlanOutcome outcome, long current);

    [LoggerMessage(LogLevel.Error, "A frame on {InterfaceName} was not handled: {Frame}")]
    public static partial void FrameNotHandled(this ILogger log, Exception bug, string interfaceName, string frame);

    [LoggerMessage(LogLevel.Warning, "Multicast group {Group} was not joined on {InterfaceName}; solicitations may not come through")]
    public static partial void GroupNotJoined(this ILogger log, Exception cause, Ipv6 group, string interfaceName);

    [LoggerMessage(LogLevel.Debug, "Multicast group {Group} was not left on {InterfaceName}")]
    public static partial void GroupNotLeft(this ILogger log, Exception cause, Ipv6 group, string interfaceName);
}
