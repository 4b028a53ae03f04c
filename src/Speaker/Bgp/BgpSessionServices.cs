using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Bgp;

/// <summary>What the sessions of one speaker share.</summary>
/// <param name="node">Whose sessions they are, among what is counted; null where there is one node.</param>
public sealed class BgpSessionServices(INetworkScope scope, TimeProvider time, ILogger log, Action<BgpPeerSession>? changed = null, NodeName? node = null)
{
    public INetworkScope Scope { get; } = scope;

    public TimeProvider Time { get; } = time;

    internal ILogger Log { get; } = log;

    internal BgpInstruments Instruments { get; } = new(node);

    /// <summary>Called when a session has come into another state.</summary>
    internal void Changed(BgpPeerSession session) => changed?.Invoke(session);
}
