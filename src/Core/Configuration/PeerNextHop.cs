using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Configuration;

/// <summary>What a peer is told as the next hop, by address family of it; null tells it our own address on the way to the peer.</summary>
/// <param name="Ipv4">Of IPv4 routes.</param>
/// <param name="Ipv6">Of IPv6 routes, and of IPv4 routes that have no IPv4 next hop where RFC 8950 is in use.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.PeerNextHop")]
public sealed record PeerNextHop([property: Id(0)] Address? Ipv4, [property: Id(1)] Address? Ipv6);
