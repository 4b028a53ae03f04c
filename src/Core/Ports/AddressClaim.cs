using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Ports;

/// <summary>A service that holds a claimed address.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.ClaimHolder")]
public readonly record struct ClaimHolder([property: Id(0)] ServiceName Service, [property: Id(1)] string Uid);

/// <summary>For whom an address is kept although nobody holds it: a service by name, a namespace, or nobody.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.Reservation")]
public sealed record Reservation([property: Id(0)] string? Namespace, [property: Id(1)] string? Name);

/// <summary>The record of one held address: an <c>AddressClaim</c> object named by the address, so that creating it is the atomic act.</summary>
/// <param name="Holders">The services that share the address, sorted; empty for a mere reservation.</param>
/// <param name="SharingKey">The key under which it is shared; null while it is held by one service for itself.</param>
/// <param name="Version">The API's resourceVersion, opaque; empty before it is written.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.AddressClaim")]
public sealed record AddressClaim(
    [property: Id(0)] Address Address,
    [property: Id(1)] PoolName Pool,
    [property: Id(2)] EquatableList<ClaimHolder> Holders,
    [property: Id(3)] string? SharingKey = null,
    [property: Id(4)] Reservation? Reserved = null,
    [property: Id(5)] string Version = "");
