namespace OrleansLb.Core.Configuration;

/// <summary>How many addresses each of some namespaces may hold in all pools together.</summary>
/// <param name="Addresses">Of both families; 0 or more. One that services of the namespace share counts once.</param>
/// <param name="Namespaces">Namespaces by name; joined with those that <paramref name="NamespaceSelectors"/> match. With neither, every namespace.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.NamespaceAddressQuota")]
public sealed record AddressQuota(
    ObjectReference Source,
    DateTimeOffset Created,
    [property: Id(0)] string Name,
    [property: Id(1)] int Addresses,
    [property: Id(2)] EquatableList<string> Namespaces,
    [property: Id(3)] EquatableList<LabelSelector> NamespaceSelectors) : Declaration(Source, Created);
