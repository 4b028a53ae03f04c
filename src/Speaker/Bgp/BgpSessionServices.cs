using Microsoft.Extensions.Logging;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Bgp;

/// <summary>What the sessions of one speaker share.</summary>
public sealed class BgpSessionServices(INetworkScope scope, TimeProvider time, ILogger log, Action<BgpPeerSession>? changed = null)
{
    public INetworkScope Scope { get; } = scope;

    public TimeProvider Time { get; } = time;

    internal ILogger Log { get; } = log;

    internal BgpInstruments Instruments { get; } = new();

    /// <summary>Called when a session has come into another state.</summary>
    internal void Changed(BgpPeerSession session) => changed?.Invoke(session);
}
