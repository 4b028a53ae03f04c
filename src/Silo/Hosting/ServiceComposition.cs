using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Api.InProcess;
using OrleansLb.Core;
using OrleansLb.Core.Services;
using OrleansLb.Grains;
using OrleansLb.Kubernetes;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Kubernetes.Membership;
using OrleansLb.Silo.Status;

namespace OrleansLb.Silo.Hosting;

/// <summary>What the service is composed of.</summary>
internal static class ServiceComposition
{
    /// <param name="address">Where this process itself listens.</param>
    /// <param name="own">Where it asks itself.</param>
    public static void AddService(this IServiceCollection services, ServiceSettings settings, Uri address, InProcessExchange own)
    {
        services.AddSingleton(TimeProvider.System);
        var client = ClientOptions(settings.Api, address, own);
        services.AddKubernetes(client, Environment.GetEnvironmentVariable, settings.Nodes[0].Name.Value, Rules(settings));
        if (settings.Cluster is { } cluster)
            services.AddSiloMembership(client, Environment.GetEnvironmentVariable,
                ns => new(ns, ClusterSettings.ServiceId, settings.ClusterId) { Pod = cluster.Pod });
        else if (settings.Api is not ApiSource.Embedded) services.AddLoneKeeper(settings);
        services.AddGrainOptions();
        services.AddSingleton<Doom>();
        services.AddSingleton<ClusterWord>();
        services.AddSingleton<SpeakerFleet>();
        services.AddSingleton<Readiness>();
        services.AddSingleton<SyncKeeper>();
        services.AddHostedService(provider => provider.GetRequiredService<SyncKeeper>());
    }

    /// <summary>Others may serve the same cluster, each alone; nobody but this process itself is at an API of its own.</summary>
    private static void AddLoneKeeper(this IServiceCollection services, ServiceSettings settings)
    {
        var node = settings.Nodes[0].Name;
        services.AddSingleton(provider =>
        {
            var client = provider.GetRequiredService<ApiClient>();
            var cluster = new MembershipOptions(client.Namespace, ClusterSettings.ServiceId, settings.ClusterId);
            return new LoneProcess(client, cluster, node.Value, provider.GetRequiredService<TimeProvider>());
        });
        services.AddHostedService(provider => ActivatorUtilities.CreateInstance<LoneKeeper>(provider, node));
    }

    private static KubernetesClientOptions ClientOptions(ApiSource api, Uri address, InProcessExchange own) => api switch
    {
        ApiSource.Kubeconfig cluster => new() { Kubeconfig = cluster.File },
        ApiSource.InCluster => new() { InCluster = true },
        _ => new() { Server = address, Handler = own.CreateHandler() },
    };

    /// <summary>With the embedded API there are no pods: the nodes of this process stand behind every Service that names no endpoints.</summary>
    private static ServiceRules Rules(ServiceSettings settings) => settings.Api is ApiSource.Embedded
        ? settings.Rules with { StandIns = settings.Nodes.Select(node => new EndpointNode(node.Name, 1)).OrderBy(node => node.Node).ToEquatableList() }
        : settings.Rules with { Finalizer = FinalizerOf(settings.ClusterId) };

    /// <summary>Each cluster of processes on an API knows by it which Services are its own to clean up.</summary>
    private static string FinalizerOf(string cluster) =>
        cluster == ClusterSettings.UsualId ? Finalizers.Own : $"{Finalizers.Own}-{MembershipNames.OfId(cluster)}";
}
