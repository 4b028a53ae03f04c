using OrleansLb.Core.Announcements;

namespace OrleansLb.Core.Election;

/// <summary>What one node takes over from another that is lost, decided while both live.</summary>
/// <param name="Assignments">Sorted by address and service, under the epochs that count from the loss on.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.Inheritance")]
public sealed record Inheritance([property: Id(0)] NodeName From, [property: Id(1)] EquatableList<Assignment> Assignments);
