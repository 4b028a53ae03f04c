using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Kubernetes.Events;
using OrleansLb.Kubernetes.Feed;
using OrleansLb.Kubernetes.Records;
using OrleansLb.Kubernetes.Records.Statuses;

namespace OrleansLb.Kubernetes;

/// <summary>Registers the Kubernetes client and what grains reach through it.</summary>
public static class KubernetesServiceCollectionExtensions
{
    /// <param name="services">Where to register.</param>
    /// <param name="options">Which API server to use.</param>
    /// <param name="environment">Looks up an environment variable.</param>
    /// <param name="instance">The name of this process in events: the pod or node.</param>
    /// <param name="rules">Which Services are ours; the default ones when null.</param>
    public static IServiceCollection AddKubernetes(this IServiceCollection services, KubernetesClientOptions options, Func<string, string?> environment,
        string instance, ServiceRules? rules = null)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(rules ?? ServiceRules.Default);
        services.AddSingleton<ServiceCache>();
        services.AddSingleton(provider =>
            ApiClient.Connect(options, environment, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<ApiClient>>()));
        services.AddSingleton<IClaimStore, ClaimStore>();
        services.AddSingleton<IServiceStatusWriter, ServiceStatusWriter>();
        services.AddSingleton<INodeMarker, NodeMarker>();
        services.AddSingleton<IStatusObjectStore, StatusObjectStore>();
        services.AddSingleton<IPoolStatusWriter, PoolStatusWriter>();
        services.AddSingleton<IConfigurationStatusWriter, ConfigurationStatusWriter>();
        services.AddSingleton<AcceptedForms>();
        services.AddSingleton<IAcceptedForms>(provider => provider.GetRequiredService<AcceptedForms>());
        services.AddSingleton<IClusterFeed>(provider => new ClusterFeed(
            provider.GetRequiredService<ApiClient>(), provider.GetRequiredService<ServiceRules>(), provider.GetRequiredService<ServiceCache>(),
            provider.GetRequiredService<AcceptedForms>(), new Random(), provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ClusterFeed>>()));
        services.AddSingleton(provider => new EventRecorder(
            provider.GetRequiredService<ApiClient>(), instance, provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<EventRecorder>>()));
        services.AddSingleton<IEventRecorder>(provider => provider.GetRequiredService<EventRecorder>());
        services.AddHostedService(provider => provider.GetRequiredService<EventRecorder>());
        return services;
    }
}
