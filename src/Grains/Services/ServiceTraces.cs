using OrleansLb.Core;
using OrleansLb.Core.Ports;

namespace OrleansLb.Grains.Services;

/// <summary>
/// What whoever tells a service of itself for the first time knows of its past: what is told so to ten thousand services at once, none of them has to ask for.
/// </summary>
/// <param name="Claims">The claims that name it as a holder, by the record.</param>
/// <param name="Unserved">The index of services has never heard of it.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.ServiceTraces")]
public sealed record ServiceTraces([property: Id(0)] EquatableList<AddressClaim> Claims, [property: Id(1)] bool Unserved);
