using OrleansLb.Core.Addressing;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Pools;

/// <summary>
/// Services whose statuses show an address that others show too, on terms that exclude each other, as another load balancer or a hand may have left it. Whoever
/// has the claim keeps the address, then the older Service before the younger, then by name; who does not get on with all before it comes late, and is to look
/// for another once everybody else has what is theirs.
/// </summary>
public static class Latecomers
{
    /// <param name="services">Those that show or hold addresses.</param>
    /// <param name="claimAt">What the record has of an address.</param>
    /// <param name="isWithinNamespace">The address is of a pool that lets only Services of one namespace share.</param>
    public static IReadOnlyList<ServiceRequest> Of(IEnumerable<ServiceRequest> services, Func<Address, AddressClaim?> claimAt,
        Func<Address, bool> isWithinNamespace)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(claimAt);
        ArgumentNullException.ThrowIfNull(isWithinNamespace);
        var late = new HashSet<ServiceRequest>();
        var shown = services.Where(service => service.IsWanted).SelectMany(service => service.Held.Select(address => (Address: address, Service: service)));
        foreach (var contested in shown.GroupBy(entry => entry.Address, entry => entry.Service).Where(group => group.Count() > 1))
        {
            late.UnionWith(Of(contested, claimAt(contested.Key)?.Holders ?? [], isWithinNamespace(contested.Key)));
        }
        return [.. late.OrderBy(service => service.Created).ThenBy(service => service.Service)];
    }

    private static IEnumerable<ServiceRequest> Of(IEnumerable<ServiceRequest> contesting, EquatableList<ClaimHolder> holders, bool isWithinNamespace)
    {
        var kept = new List<(ServiceName Service, SharingTerms Terms)>();
        foreach (var service in contesting.OrderBy(service => Rank(service, holders)).ThenBy(service => service.Created).ThenBy(service => service.Service))
        {
            var terms = SharingTerms.Of(service);
            var stays = holders.Contains(new(service.Service, service.Uid))
                || kept.TrueForAll(before =>
                    Seniority.GetOn(before.Terms, terms) && (!isWithinNamespace || before.Service.Namespace == service.Service.Namespace));
            if (stays) kept.Add((service.Service, terms));
            else yield return service;
        }
    }

    private static int Rank(ServiceRequest service, EquatableList<ClaimHolder> holders) =>
        holders.TakeWhile(holder => holder != new ClaimHolder(service.Service, service.Uid)).Count();
}
