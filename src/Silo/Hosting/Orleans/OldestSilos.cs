using Orleans.Runtime;

namespace OrleansLb.Silo.Hosting;

/// <summary>The order of silos by age, which all of them see alike.</summary>
internal static class OldestSilos
{
    /// <summary>How many share a duty: one may die without anybody's taking its place first.</summary>
    public const int OnDuty = 2;

    /// <summary>A generation is the second in which a silo was started.</summary>
    public static IEnumerable<SiloAddress> ByAge(IEnumerable<SiloAddress> silos) => silos.OrderBy(silo => silo.Generation).ThenBy(silo => silo);

    /// <summary>Whether this silo is among the oldest that are active.</summary>
    public static bool Has(ClusterMembershipSnapshot members, SiloAddress silo) =>
        ByAge(members.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => member.SiloAddress)).Take(OnDuty).Contains(silo);
}
