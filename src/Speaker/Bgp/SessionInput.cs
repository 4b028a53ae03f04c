using System.Net.Sockets;
using OrleansLb.Protocols.Bgp;

namespace OrleansLb.Speaker.Bgp;

/// <summary>What a session's one loop reacts to.</summary>
internal abstract record SessionInput
{
    private SessionInput() { }

    public sealed record Event(BgpEvent Happened) : SessionInput;

    /// <summary>Said by a connection that may have been replaced meanwhile; it waits until this has been dealt with.</summary>
    public sealed record OfConnection(BgpConnection Connection, BgpEvent Happened, TaskCompletionSource Done) : SessionInput;

    /// <param name="Socket">Connected, or null when that failed.</param>
    public sealed record DialEnded(object Attempt, Socket? Socket) : SessionInput;

    public sealed record Accepted(Socket Socket) : SessionInput;

    public sealed record RoutesChanged : SessionInput;

    /// <summary>Cut every connection without a word.</summary>
    public sealed record Cut : SessionInput;

    public sealed record Reconfigure(BgpPeerOptions Options) : SessionInput;
}
