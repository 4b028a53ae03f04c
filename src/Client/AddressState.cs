using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Ports;

namespace OrleansLb.Client;

/// <summary>An address and who has to do with it.</summary>
/// <param name="Services">Those that hold it, sorted; more than one when they share it, none when nobody does.</param>
/// <param name="Announcer">The node that announces it, or is to; as <see cref="ServiceState.Announcer"/>.</param>
/// <param name="Reserved">For whom it is kept; null when it is not.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.AddressState")]
public sealed record AddressState(
    [property: Id(0)] Address Address,
    [property: Id(1)] EquatableList<ServiceName> Services,
    [property: Id(2)] NodeName? Announcer,
    [property: Id(3)] Reservation? Reserved);
