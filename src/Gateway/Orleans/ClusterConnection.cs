using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using Orleans.Messaging;
using OrleansLb.Kubernetes.Membership;

namespace OrleansLb.Gateway;

/// <summary>Connects a client of Orleans to a cluster of OrleansLb.</summary>
public static class ClusterConnection
{
    /// <summary>While no node takes connections: between two looks for one.</summary>
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);

    /// <summary>Nodes come and go; a gateway that is lost is left at once in any case.</summary>
    private static readonly TimeSpan GatewayRefresh = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Finds the cluster's gateways in the Kubernetes API, guards the connections, and lets traces flow through its grains. The host starts once a node takes
    /// its connection. A secret or certificate that cannot be read is a <see cref="GuardException"/>.
    /// </summary>
    public static IClientBuilder ConnectToOrleansLb(this IClientBuilder client, Action<ClusterConnectionOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        var options = new ClusterConnectionOptions();
        configure?.Invoke(options);
        client.Services.TryAddSingleton(TimeProvider.System);
        client.Services.AddSiloMembership(options.Kubernetes, Environment.GetEnvironmentVariable,
            ns => new(options.Namespace ?? ns, MembershipOptions.UsualServiceId, options.ClusterId));
        client.Services.AddSingleton<IGatewayListProvider, KubernetesGatewayList>();
        client.Configure<ClusterOptions>(cluster => (cluster.ServiceId, cluster.ClusterId) = (MembershipOptions.UsualServiceId, options.ClusterId));
        client.Configure<GatewayOptions>(gateways => gateways.GatewayListRefreshPeriod = GatewayRefresh);
        client.Services.Guard(options);
        client.UseConnectionRetryFilter(Wait);
        return client.AddActivityPropagation();
    }

    private static void Guard(this IServiceCollection services, ClusterConnectionOptions options)
    {
        if (options.TlsFolder is { } folder) services.AddSingleton<IConnectionGuard>(TlsGuard.Of(folder));
        if (options.SecretFile is { } secret) services.AddSingleton<IConnectionGuard>(SecretGuard.Of(secret));
        services.AddSingleton<IConfigureOptions<ClientConnectionOptions>, GuardedConnections>();
    }

    private static async Task<bool> Wait(Exception unreachable, CancellationToken cancellation)
    {
        await Task.Delay(Retry, cancellation);
        return true;
    }
}
