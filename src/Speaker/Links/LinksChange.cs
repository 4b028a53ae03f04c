using OrleansLb.Core;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Speaker.Links;

/// <summary>The interfaces of a network stack after a change.</summary>
/// <param name="NotifyPeers">Interfaces that moved to another switch port although they look as before, such as a bond after a failover.</param>
public sealed record LinksChange(NodeLinks Links, EquatableList<string> NotifyPeers);
