using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Forecasting;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Services;

namespace OrleansLb.Grains.Forecasting;

/// <summary>
/// Foretells what a change does to a cluster's services, by having the services do it: the same choice of pools, the same allocator and the same
/// election as in a running cluster, on books in memory.
/// </summary>
public static class Forecast
{
    /// <summary>
    /// From one state of the cluster to the next. A service that shows addresses which nobody claims is taken to have them, as a running cluster takes it.
    /// </summary>
    public static async Task<EquatableList<ServiceOutlook>> Of(ClusterSnapshot cluster, ClusterConfiguration today, ClusterSnapshot changed,
        ClusterConfiguration next)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        ArgumentNullException.ThrowIfNull(changed);
        var books = new MemoryBooks(cluster.Claims, changed.Services);
        var announcers = new AnnouncerForecast(cluster);
        var holders = cluster.Claims.SelectMany(claim => claim.Holders).Select(holder => holder.Service).ToHashSet();
        var tenants = await MoveIn(cluster, service => service.Held.Count > 0 || holders.Contains(service.Service), books, today); // who waits comes in later
        var before = tenants.ToDictionary(tenant => tenant.Request.Service, tenant => (Has: tenant.Now, Announcer: announcers.Of(tenant, today)));
        books.Configure(next);
        Follow(tenants, changed, books);
        foreach (var tenant in tenants) await tenant.Settle(next);
        await SettleTheRest(tenants, next);
        return tenants
            .Select(tenant => (Tenant: tenant, Had: before.GetValueOrDefault(tenant.Request.Service)))
            .Select(pair => pair.Tenant.Outlook(pair.Had.Has, next) with { Before = pair.Had.Announcer, After = announcers.Of(pair.Tenant, next) })
            .ToEquatableList();
    }

    /// <summary>From what the statuses show to what is served under the configuration, as when another load balancer is replaced.</summary>
    public static async Task<EquatableList<ServiceOutlook>> OfTakeover(ClusterSnapshot cluster, ClusterConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var tenants = await MoveIn(cluster, _ => true, new MemoryBooks(cluster.Claims, cluster.Services), configuration);
        return tenants.Select(tenant => tenant.Outlook(tenant.Request.Held, configuration)).ToEquatableList();
    }

    /// <summary>
    /// In the order of a running cluster: those whose addresses are of a pool, latecomers, those whose addresses are of none, and those that have none.
    /// </summary>
    private static async Task<List<Tenant>> MoveIn(ClusterSnapshot cluster, Func<ServiceRequest, bool> isIn, MemoryBooks books,
        ClusterConfiguration configuration)
    {
        var tenants = cluster.Services.Where(service => service.IsWanted && isIn(service)).Select(service => new Tenant(service, books)).ToList();
        books.Configure(configuration);
        var claims = cluster.Claims.DistinctBy(claim => claim.Address).ToDictionary(claim => claim.Address);
        var parted = configuration.Pools.Where(pool => !pool.SharedAcrossNamespaces).ToList();
        var late = Latecomers.Of(tenants.Select(tenant => tenant.Request), claims.GetValueOrDefault, address => parted.Exists(pool => pool.Contains(address)))
            .ToHashSet();
        foreach (var tenant in tenants.OrderBy(tenant => Turn(tenant.Request, late, configuration)).ThenBy(tenant => tenant.Request.Created))
            await tenant.Begin(configuration);
        await SettleTheRest(tenants, configuration);
        return tenants;
    }

    private static int Turn(ServiceRequest service, HashSet<ServiceRequest> late, ClusterConfiguration configuration) =>
        service.Held.Count == 0 ? 3 : !service.Held.All(configuration.Offers) ? 2 : late.Contains(service) ? 1 : 0;

    /// <summary>Services that were edited ask for something else now, and those that waited or are new come in.</summary>
    private static void Follow(List<Tenant> tenants, ClusterSnapshot changed, MemoryBooks books)
    {
        foreach (var service in changed.Services.Where(service => service.IsWanted))
        {
            if (tenants.Find(tenant => tenant.Request.Service == service.Service) is { } known) known.Request = service;
            else tenants.Add(new(service, books));
        }
    }

    /// <summary>Services that wait try again when others let go, until that helps nobody any more.</summary>
    private static async Task SettleTheRest(List<Tenant> tenants, ClusterConfiguration configuration)
    {
        for (var waiting = Waiting(tenants); waiting.Count > 0;)
        {
            foreach (var tenant in waiting) await tenant.Settle(configuration);
            var still = Waiting(tenants);
            if (still.Count == waiting.Count) return;
            waiting = still;
        }
    }

    private static List<Tenant> Waiting(List<Tenant> tenants) => tenants.FindAll(tenant => !tenant.Addresses.IsAssigned);
}
