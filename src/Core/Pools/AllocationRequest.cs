using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Pools;

/// <summary>What a service wants of one pool.</summary>
/// <param name="Families">One address of each is wanted.</param>
/// <param name="Wanted">Addresses asked for, at most one of a family; a family without one is left to the pool.</param>
/// <param name="Held">Addresses that the service has or its status shows, those to be kept before others first: kept when
/// they are of this pool and nobody else's.</param>
/// <param name="Left">Addresses that it holds and is to leave, if it gets another.</param>
/// <param name="Allowance">How many addresses the namespace may hold in all pools together; null for any number.</param>
/// <param name="AfterStart">The service was not edited since all began anew, but may have been before: of those who share an address in spite of their terms,
/// <see cref="Seniority"/> says who stays.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.AllocationRequest")]
public sealed record AllocationRequest(
    [property: Id(0)] ServiceName Service,
    [property: Id(1)] string Uid,
    [property: Id(2)] EquatableList<IpFamily> Families,
    [property: Id(3)] EquatableList<Address> Wanted,
    [property: Id(4)] EquatableList<Address> Held,
    [property: Id(5)] SharingTerms Sharing,
    [property: Id(6)] EquatableList<Address> Left = default,
    [property: Id(7)] NamespaceAllowance? Allowance = null,
    [property: Id(8)] bool AfterStart = false);
