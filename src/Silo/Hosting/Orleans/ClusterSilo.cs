using System.Net;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Hosting;
using OrleansLb.Core;
using OrleansLb.Gateway;
using OrleansLb.Grains.Nodes;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Membership;
using Orleans;
using Orleans.Messaging;
using Orleans.Runtime;

namespace OrleansLb.Silo.Hosting;

/// <summary>Makes a silo a member of a cluster whose membership is in the Kubernetes API.</summary>
internal static class ClusterSilo
{
    /// <summary>An answer that a dying silo took with it is missed after so long, where Orleans does not notice by itself; whoever asked tries again.</summary>
    private static readonly TimeSpan LongestCall = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromMilliseconds(100);

    public static void JoinCluster(this ISiloBuilder silo, ClusterSettings cluster, string id, NodeName node)
    {
        silo.Configure<ClusterOptions>(options => (options.ServiceId, options.ClusterId) = (ClusterSettings.ServiceId, id));
        silo.Configure<SiloOptions>(options => options.SiloName = node.Value);
        silo.Configure<EndpointOptions>(options => Listen(options, cluster));
        silo.Services.AddOptions<FailureDetectionOptions>().BindConfiguration(FailureDetectionOptions.Section)
            .Validate(options => options.ProbeTimeout > TimeSpan.Zero && options.LongestProbe >= options.ProbeTimeout,
                "FailureDetection:ProbeTimeout must be more than nothing, and FailureDetection:LongestProbe no shorter.")
            .Validate(options => options.MissedProbes > 0 && options.Votes > 0 && options.Probed >= options.Votes,
                "FailureDetection:MissedProbes and Votes must be at least 1, and Probed no less than Votes: who is not probed by enough silos never dies.")
            .Validate(options => options.TableRefresh > TimeSpan.Zero && options.Heartbeat > TimeSpan.Zero && options.StartGrace >= TimeSpan.Zero
                && options.Reprieve >= TimeSpan.Zero && options.DefunctExpiration > options.Heartbeat * 3, "FailureDetection:TableRefresh and Heartbeat must be "
                    + "more than nothing, StartGrace and Reprieve no less, and DefunctExpiration longer than three heartbeats.")
            .ValidateOnStart();
        silo.Services.AddSingleton<IConfigureOptions<ClusterMembershipOptions>, MembershipTuning>();
        silo.Services.AddOptions<LivenessOptions>().Configure<IConfiguration, IOptions<FailureDetectionOptions>>(Bear);
        silo.Configure<SiloMessagingOptions>(options => options.ResponseTimeout = LongestCall);
        silo.Configure<ConnectionOptions>(options => options.ConnectionRetryDelay = ReconnectDelay);
        // What must not be done twice is fenced where it is done (claims, epochs, the pulse of the process), so nobody waits for a dead silo's grains.
        silo.Configure<GrainDirectoryOptions>(options => options.RangeLeaseDuration = TimeSpan.Zero);
        // Lazy: the connections are made before the membership that they serve.
        silo.Services.AddSingleton(provider => new Lazy<IClusterMembershipService>(provider.GetRequiredService<IClusterMembershipService>));
        silo.Services.AddSingleton(provider => new Lazy<ILocalSiloDetails>(provider.GetRequiredService<ILocalSiloDetails>));
        silo.Services.AddSingleton<IConfigureOptions<SiloConnectionOptions>, RefusedSilos>();
        if (cluster.TlsFolder is { } folder) silo.Services.AddSingleton<IConnectionGuard>(Guard("--silo-tls", () => TlsGuard.Of(folder)));
        if (cluster.SecretFile is { } secret) silo.Services.AddSingleton<IConnectionGuard>(Guard("--silo-secret", () => SecretGuard.Of(secret)));
        silo.Services.AddSingleton<IConfigureOptions<SiloConnectionOptions>, GuardedConnections>();
        silo.Services.AddSingleton<IFatalErrorHandler, FatalErrors>();
        silo.Services.AddSingleton<EstablishedDeaths>();
        silo.Services.AddSingleton<ListenerCheck>();
        silo.Services.AddSingleton<IPulseCheck, PulseCheck>();
        silo.AddIncomingGrainCallFilter<LateCalls>();
        silo.AddOutgoingGrainCallFilter<LateCalls>();
        silo.Services.AddSingleton<KubernetesMembershipTable>();
        silo.Services.AddSingleton<IMembershipTable>(provider =>
            ActivatorUtilities.CreateInstance<SparedSilos>(provider,
                ActivatorUtilities.CreateInstance<ForgivenSilence>(provider, provider.GetRequiredService<KubernetesMembershipTable>())));
        silo.Services.AddSingleton<IGatewayListProvider, KubernetesGatewayList>();
        silo.Services.AddSingleton<SharedDuty>();
        silo.Services.AddHostedService<SiloPulse>();
        silo.Services.AddHostedService<MembershipRefresher>();
        silo.Services.AddHostedService<PodReaper>();
        silo.Services.AddHostedService<DeathWatch>();
        silo.Services.AddHostedService<ContactKeeper>();
    }

    /// <summary>
    /// A node's grain is in the same process as its speaker, so its silence is a busy machine's more often than a death, and others see the death of the
    /// process. It is borne for as long as others bear that of the process.
    /// </summary>
    private static void Bear(LivenessOptions liveness, IConfiguration configuration, IOptions<FailureDetectionOptions> detection)
    {
        var chosen = configuration.GetSection(LivenessOptions.Section);
        if (chosen[nameof(LivenessOptions.Timeout)] is null) liveness.Timeout = detection.Value.Silence;
        if (chosen[nameof(LivenessOptions.Standstill)] is null) liveness.Standstill = liveness.Timeout / 2;
    }

    private static TGuard Guard<TGuard>(string option, Func<TGuard> make)
    {
        try
        {
            return make();
        }
        catch (GuardException unreadable)
        {
            throw new OperatorException($"{option}: {unreadable.Message}", unreadable);
        }
    }

    private static void Listen(EndpointOptions options, ClusterSettings cluster)
    {
        (options.AdvertisedIPAddress, options.SiloPort, options.GatewayPort) = (cluster.Address, cluster.SiloPort, cluster.GatewayPort);
        options.SiloListeningEndpoint = new IPEndPoint(cluster.Address, cluster.SiloPort);
        options.GatewayListeningEndpoint = cluster.GatewayPort == 0 ? null : new IPEndPoint(cluster.Address, cluster.GatewayPort);
    }

    private sealed class MembershipTuning(IOptions<FailureDetectionOptions> chosen) : IConfigureOptions<ClusterMembershipOptions>
    {
        public void Configure(ClusterMembershipOptions options)
        {
            var detection = chosen.Value;
            options.ProbeTimeout = options.MinProbeTimeout = detection.ProbeTimeout;
            options.MaxProbeTimeout = detection.LongestProbe;
            options.NumMissedProbesLimit = detection.MissedProbes;
            options.NumVotesForDeathDeclaration = detection.Votes;
            options.NumProbedSilos = detection.Probed;
            options.EnableIndirectProbes = detection.IndirectProbes;
            options.TableRefreshTimeout = detection.TableRefresh;
            options.IAmAliveTablePublishTimeout = detection.Heartbeat;
            options.DefunctSiloExpiration = detection.DefunctExpiration;
            options.DefunctSiloCleanupPeriod = detection.DefunctExpiration / 4;
        }
    }
}
