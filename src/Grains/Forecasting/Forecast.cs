using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Forecasting;
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
        // who waits comes in later
        var tenants = await MoveIn(cluster.Services.Where(service => service.Held.Count > 0 || holders.Contains(service.Service)), books, today);
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
        var tenants = await MoveIn(cluster.Services, new MemoryBooks(cluster.Claims, cluster.Services), configuration);
        return tenants.Select(tenant => tenant.Outlook(tenant.Request.Held, configuration)).ToEquatableList();
    }

    /// <summary>In the order of a running cluster: those whose addresses are of a pool, those whose addresses are of none, and those that have none.</summary>
    private static async Task<List<Tenant>> MoveIn(IEnumerable<ServiceRequest> services, MemoryBooks books, ClusterConfiguration configuration)
    {
        var tenants = services.Where(service => service.IsWanted).Select(service => new Tenant(service, books)).ToList();
        books.Configure(configuration);
        foreach (var tenant in tenants.OrderByDescending(tenant => tenant.Request.Held.Count > 0)
            .ThenByDescending(tenant => tenant.Request.Held.All(configuration.Offers)))
        {
            await tenant.Begin(configuration);
        }
        await SettleTheRest(tenants, configuration);
        return tenants;
    }

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
