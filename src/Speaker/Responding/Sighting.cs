using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Speaker.Responding;

/// <summary>Another station was heard to claim an assigned address, or to ask whether it is free.</summary>
/// <param name="IsProbe">It only asks, as one does before first use (RFC 5227 §2.1.1, RFC 4862 §5.4.2).</param>
internal sealed record Sighting(Address Address, HardwareAddress Holder, string Interface, bool IsProbe = false);
