using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Kubernetes.Client;

namespace OrleansLb.Kubernetes.Membership;

/// <summary>Registers the membership of silos.</summary>
public static class MembershipServices
{
    /// <summary>The key of the client that membership alone uses: a burst of other requests does not stand in its way.</summary>
    public const string ClientKey = "membership";

    /// <param name="services">Where to register.</param>
    /// <param name="options">Which API server to use.</param>
    /// <param name="environment">Looks up an environment variable.</param>
    /// <param name="cluster">Which cluster, given the namespace of the service account.</param>
    public static IServiceCollection AddSiloMembership(this IServiceCollection services, KubernetesClientOptions options, Func<string, string?> environment,
        Func<string, MembershipOptions> cluster)
    {
        services.AddKeyedSingleton(ClientKey, (provider, _) =>
            ApiClient.Connect(options, environment, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ApiClient>>()));
        services.AddSingleton(provider => cluster(provider.GetRequiredKeyedService<ApiClient>(ClientKey).Namespace));
        services.AddSingleton(provider => new SiloTableStore(
            provider.GetRequiredKeyedService<ApiClient>(ClientKey), provider.GetRequiredService<MembershipOptions>(),
            provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton(provider => new SiloTableWatch(
            provider.GetRequiredKeyedService<ApiClient>(ClientKey), provider.GetRequiredService<SiloTableStore>(), new Random(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<SiloTableWatch>>()));
        services.AddSingleton(provider => new PodWatch(
            provider.GetRequiredKeyedService<ApiClient>(ClientKey), provider.GetRequiredService<SiloTableStore>(), new Random(),
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<PodWatch>>()));
        return services;
    }
}
