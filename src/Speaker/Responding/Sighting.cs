using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;

namespace OrleansLb.Speaker.Responding;

/// <summary>Another station was heard to claim an address that is announced here.</summary>
internal sealed record Sighting(Address Address, HardwareAddress Holder, string Interface);
