using OrleansLb.Core.Addressing;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Routes;

/// <summary>An address of a service, with the pool that it came from.</summary>
[GenerateSerializer, Immutable, Alias("orleanslb.RoutableAddress")]
public readonly record struct RoutableAddress([property: Id(0)] Address Address, [property: Id(1)] PoolName Pool);

/// <summary>What the routes to a service are built from: one shared entry for all nodes.</summary>
/// <param name="Endpoints">Nodes with endpoints that can serve.</param>
/// <param name="EndpointsElsewhere">Endpoints that can serve but name no node.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.RoutableService")]
public sealed record RoutableService(
    [property: Id(0)] ServiceName Service,
    [property: Id(1)] EquatableList<RoutableAddress> Addresses,
    [property: Id(2)] Labels Labels,
    [property: Id(3)] TrafficPolicy TrafficPolicy,
    [property: Id(4)] EquatableList<EndpointNode> Endpoints,
    [property: Id(5)] int EndpointsElsewhere);
