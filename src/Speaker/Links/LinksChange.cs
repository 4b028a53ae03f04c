using OrleansLb.Core;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Speaker.Links;

/// <summary>The interfaces of a network stack after a change.</summary>
/// <param name="NotifyPeers">Interfaces that may be behind another switch port although they look as before: a bond after a
/// failover, a carrier that was away for a moment.</param>
public sealed record LinksChange(NodeLinks Links, EquatableList<string> NotifyPeers);
