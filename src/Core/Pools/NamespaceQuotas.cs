using OrleansLb.Core.Configuration;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Pools;

/// <summary>Finds the quota that binds a service's namespace.</summary>
public static class NamespaceQuotas
{
    /// <summary>
    /// One that names the namespace goes before one that selects it by label, and that before one for all; of equals the smallest. Null for no bound.
    /// </summary>
    public static AddressQuota? Of(ServiceRequest request, ClusterConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(configuration);
        if (configuration.Quotas.Count == 0) return null; // as in most clusters
        return configuration.Quotas
            .Select(quota => (Quota: quota, Rank: RankOf(quota, request)))
            .Where(found => found.Rank is not null)
            .OrderBy(found => found.Rank)
            .ThenBy(found => found.Quota.Addresses)
            .ThenBy(found => found.Quota.Name, StringComparer.Ordinal)
            .Select(found => found.Quota)
            .FirstOrDefault();
    }

    private static int? RankOf(AddressQuota quota, ServiceRequest request)
    {
        if (quota.Namespaces.Contains(request.Service.Namespace)) return 0;
        if (quota.NamespaceSelectors.Any(selector => selector.Matches(request.NamespaceLabels))) return 1;
        return quota.Namespaces.Count + quota.NamespaceSelectors.Count == 0 ? 2 : null;
    }
}
