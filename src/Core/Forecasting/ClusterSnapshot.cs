using OrleansLb.Core.Nodes;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Forecasting;

/// <summary>A cluster at one moment, as far as it decides about addresses and announcers.</summary>
/// <param name="Services">All services that a load balancer may serve, sorted by name.</param>
/// <param name="Nodes">Empty where no node is known: then nothing is foretold of announcers.</param>
/// <param name="Announcers">Who announces which service on the segment, as far as is known.</param>
public sealed record ClusterSnapshot(
    EquatableList<ServiceRequest> Services,
    EquatableList<NodeFacts> Nodes,
    EquatableList<AddressClaim> Claims,
    EquatableList<KnownAnnouncer> Announcers);

/// <summary>A service and the node that announces it.</summary>
public readonly record struct KnownAnnouncer(ServiceName Service, NodeName Node);
