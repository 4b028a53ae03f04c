using OrleansLb.Core.Addressing;

namespace OrleansLb.Core.Configuration;

/// <summary>The configuration that is live: every declaration that was accepted, and what was found wrong with the others.</summary>
/// <param name="Version">Rises with each change.</param>
[GenerateSerializer, Immutable, Alias("orleanslb.ClusterConfiguration")]
public sealed record ClusterConfiguration(
    [property: Id(0)] long Version,
    [property: Id(1)] EquatableList<AddressPool> Pools,
    [property: Id(2)] EquatableList<Layer2Advertisement> Layer2,
    [property: Id(3)] EquatableList<Problem> Problems,
    [property: Id(4)] EquatableList<BgpPeer> BgpPeers = default,
    [property: Id(5)] EquatableList<BgpAdvertisement> BgpAdvertisements = default,
    [property: Id(6)] EquatableList<CommunityAlias> Communities = default,
    [property: Id(7)] EquatableList<BfdProfile> BfdProfiles = default,
    [property: Id(8)] EquatableList<AddressQuota> Quotas = default)
{
    /// <summary>True when a pool has the address.</summary>
    public bool Offers(Address address) => Pools.Any(pool => pool.Contains(address));

    /// <summary>Everything that is live, of every kind.</summary>
    public IEnumerable<Declaration> Declarations =>
        Pools.AsEnumerable<Declaration>().Concat(Layer2).Concat(BgpPeers).Concat(BgpAdvertisements).Concat(Communities).Concat(BfdProfiles).Concat(Quotas);

    /// <summary>The objects that are not live as they stand.</summary>
    public IEnumerable<ObjectReference> Refused => Problems.Where(problem => problem.Severity == Severity.Error).Select(problem => problem.Object).Distinct();

    public static ClusterConfiguration Empty { get; } = new(0, [], [], []);
}
