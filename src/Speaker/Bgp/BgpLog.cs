using Microsoft.Extensions.Logging;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

internal static partial class BgpLog
{
    [LoggerMessage(LogLevel.Debug, "BGP peer {Peer} went from {Before} to {After}")]
    public static partial void StateChanged(this ILogger log, string peer, BgpStateName before, BgpStateName after);

    [LoggerMessage(LogLevel.Information, "The session with BGP peer {Peer} at {Address} is established ({Families}, hold time {HoldTime})")]
    public static partial void Established(this ILogger log, string peer, System.Net.IPEndPoint? address, ValueList<Family> families, TimeSpan? holdTime);

    [LoggerMessage("The {Side} connection with BGP peer {Peer} ended: {End}")]
    public static partial void ConnectionEnded(this ILogger log, LogLevel level, string peer, Side side, ConnectionEnd end);

    [LoggerMessage(LogLevel.Information, "BGP peer {Peer} could not be reached: {Reason}")]
    public static partial void NotConnected(this ILogger log, string peer, string reason);

    [LoggerMessage(LogLevel.Information, "A connection from BGP peer {Peer} was refused: {Reason}")]
    public static partial void Rejected(this ILogger log, string peer, Notification reason);

    [LoggerMessage(LogLevel.Information, "BGP peer {Peer} is configured anew: {Change}")]
    public static partial void Reconfigured(this ILogger log, string peer, PeerChangeEffect change);

    [LoggerMessage(LogLevel.Warning, "An UPDATE from BGP peer {Peer} was malformed: {Faults}")]
    public static partial void UpdateFault(this ILogger log, string peer, string faults);

    [LoggerMessage("A connection from {Address} was refused: {Reason}")]
    public static partial void StrangerRefused(this ILogger log, LogLevel level, System.Net.IPAddress address, string reason);

    [LoggerMessage(LogLevel.Error, "A password of BGP peers could not be set on {EndPoint}")]
    public static partial void PasswordNotSet(this ILogger log, Exception cause, System.Net.EndPoint endPoint);

    [LoggerMessage(LogLevel.Error, "Accepting BGP connections on {EndPoint} failed")]
    public static partial void AcceptFailed(this ILogger log, Exception cause, System.Net.EndPoint endPoint);

    [LoggerMessage(LogLevel.Information, "The router on {InterfaceName} is {Address}")]
    public static partial void RouterFound(this ILogger log, string interfaceName, System.Net.IPAddress address);

    [LoggerMessage(LogLevel.Warning, "Router discovery on {InterfaceName} failed; it is tried again")]
    public static partial void DiscoveryFailed(this ILogger log, Exception cause, string interfaceName);

    [LoggerMessage(LogLevel.Error, "BGP peers cannot connect to {EndPoint}: it cannot be listened on")]
    public static partial void ListenFailed(this ILogger log, Exception cause, System.Net.EndPoint endPoint);

    [LoggerMessage(LogLevel.Error, "A step of the BGP speaker failed: {Step}")]
    public static partial void SpeakerStepFailed(this ILogger log, Exception bug, string step);

    [LoggerMessage(LogLevel.Error, "A step of BGP peer {Peer} failed: {Step}")]
    public static partial void StepFailed(this ILogger log, Exception bug, string peer, string step);
}
