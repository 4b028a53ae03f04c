using OrleansLb.Core.Addressing;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Silo.Lab.Network;

/// <summary>A frame was heard in which somebody says: this address is at that MAC.</summary>
/// <param name="At">When, by <see cref="TimeProvider.GetTimestamp"/>.</param>
internal sealed record Sighting(Address Address, MacAddress Mac, long At);
