using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Core.Internal;
using Orleans.Diagnostics;
using Orleans.Hosting;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Runtime.Placement;
using Orleans.Serialization.TypeSystem;
using OrleansLb.Api.Hosting;
using OrleansLb.Core;
using OrleansLb.Grains;
using OrleansLb.Silo.Telemetry;

namespace OrleansLb.Silo.Hosting;

/// <summary>Runs the grains on Microsoft Orleans: as one silo of a cluster, or as the only one.</summary>
internal static class GrainHosting
{
    /// <summary>Whether this build can make several processes one service.</summary>
    public static bool CanCluster => true;

    /// <summary>They warn of what is chosen here: the workstation garbage collector, and a start that keeps a small machine busy.</summary>
    private static readonly string[] ChattersAtStart = ["Orleans.Runtime.Silo", "Orleans.Runtime.Watchdog"];

    /// <summary>
    /// They warn, each with its stack, of every probe and every call that a silo which has died does not answer: thousands of lines while what counts is each
    /// millisecond. That it died, and what came of it, we say ourselves.
    /// </summary>
    private static readonly string[] ChattersAtDeath =
    [
        "Orleans.Runtime.CallbackData", "Orleans.Runtime.MembershipService.MembershipSystemTarget", "Orleans.Runtime.MembershipService.SiloHealthMonitor",
        "Orleans.Runtime.Messaging.Connection",
    ];

    /// <summary>They say ten times a second that a silo cannot join, each with its stack. We say so from time to time, and what it may be for.</summary>
    private static readonly string[] ChattersAtJoin =
    [
        "Orleans.Runtime.MembershipService.MembershipAgent", "Orleans.Runtime.GrainDirectory.GrainDirectoryHandoffManager",
        "Orleans.Runtime.Metadata.ClusterManifestProvider", "Orleans.Runtime.GrainDirectory.ClientDirectory",
    ];

    public static void AddGrains(this WebApplicationBuilder builder, ServiceSettings settings)
    {
        if (settings.Cluster is not null) builder.Services.AddHostedService<ClusterGate>().AddHostedService<JoinWatch>(); // before the silo
        builder.UseOrleans(silo =>
        {
            if (settings.Cluster is { } cluster) silo.JoinCluster(cluster, settings.ClusterId, settings.Nodes[0].Name);
            else silo.UseLocalhostClustering(FreePort(), gatewayPort: 0);
            if (settings.Cluster is not null || AreCallsTraced()) silo.AddActivityPropagation();
            RememberInterfaces(silo.Services);
            silo.Services.AddPlacementDirector<NodeSiloPlacement, NodeSiloPlacement.Director>();
            silo.Services.AddPlacementDirector<OldestSiloPlacement, OldestSiloPlacement.Director>();
            silo.Services.AddSingleton<IPlacementStrategyResolver, GrainPlacement>();
#pragma warning disable ORLEANSEXP003 // the directory that keeps a grain single while silos come and go, which one alone does anyway
            if (settings.Cluster is not null) silo.AddDistributedGrainDirectory();
#pragma warning restore ORLEANSEXP003
        });
        foreach (var chatter in ChattersAtStart.Concat(settings.Log.Level > LogLevel.Debug ? ChattersAtDeath : []))
            builder.Logging.AddFilter(chatter, LogLevel.Error);
        foreach (var chatter in settings.Log.Level > LogLevel.Debug ? ChattersAtJoin : []) builder.Logging.AddFilter(chatter, LogLevel.Critical);
    }

    /// <summary>Brings the node's grain to this silo, should another have taken it over while the node was away.</summary>
    public static async Task SettleNode(this IServiceProvider services, NodeName node)
    {
        try
        {
            RequestContext.Set(IPlacementDirector.PlacementHintKey, services.GetRequiredService<ILocalSiloDetails>().SiloAddress);
            await services.GetRequiredService<IGrainFactory>().Node(node).AsReference<IGrainManagementExtension>().MigrateOnIdle();
        }
        catch (Exception fault)
        {
            services.GetRequiredService<ILogger<ServiceHost>>().NodeNotSettled(node, fault);
        }
        finally
        {
            RequestContext.Clear();
        }
    }

    /// <summary>The silo ends with its host, which stops hosted services in the reverse order of their start.</summary>
    public static Task StopGrains(this IServiceProvider services, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>
    /// A filter of calls makes each of them twice as dear, and there are seven to a service: a silo that is alone has none for traces that nobody
    /// hears. Others have filters anyway.
    /// </summary>
    private static bool AreCallsTraced()
    {
        using var calls = new ActivitySource(ActivitySources.ApplicationGrainActivitySourceName);
        return OtlpExport.IsWanted || calls.HasListeners();
    }

    private static void RememberInterfaces(IServiceCollection services)
    {
        var others = services.Where(service => service.ServiceType == typeof(IGrainInterfaceTypeProvider)).ToList();
        services.Insert(0, ServiceDescriptor.Singleton<IGrainInterfaceTypeProvider>(provider => new KnownInterfaces(
            provider.GetRequiredService<TypeConverter>(),
            [.. others.Select(other => (IGrainInterfaceTypeProvider)other.Make(provider))])));
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
