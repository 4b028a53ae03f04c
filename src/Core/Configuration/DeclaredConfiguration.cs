using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Configuration;

/// <summary>All that the configuration objects of a cluster, or of some files, declare at one moment.</summary>
/// <param name="Problems">What the translation from their dialects found.</param>
/// <param name="Unreadable">Objects that could not be translated: what they declared before stays live.</param>
/// <param name="Accepted">What these objects declared when they were last accepted, by the record: it stands in for what was live before a restart.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.DeclaredConfiguration")]
public sealed record DeclaredConfiguration(
    [property: Id(0)] EquatableList<Declaration> Declarations,
    [property: Id(1)] EquatableList<Problem> Problems,
    [property: Id(2)] EquatableList<ObjectReference> Unreadable,
    [property: Id(3)] EquatableList<Declaration> Accepted = default)
{
    public static DeclaredConfiguration None { get; } = new([], [], []);

    /// <summary>True when a declared pool has the address.</summary>
    public bool Offers(Address address) => Declarations.OfType<AddressPool>().Any(pool => pool.Contains(address));
}
