using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using OrleansLb.Api.Hosting;
using OrleansLb.Api.InProcess;
using OrleansLb.Api.Rest;
using OrleansLb.Core;
using OrleansLb.Grains;
using OrleansLb.Grains.Nodes;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Connection;
using OrleansLb.Silo.Hosting.Embedded;
using OrleansLb.Silo.Manifests;
using OrleansLb.Silo.Operations;
using OrleansLb.Silo.Status;
using OrleansLb.Silo.Telemetry;
using OrleansLb.Speaker;

namespace OrleansLb.Silo.Hosting;

/// <summary>The running service of one process: the embedded API if there is one, the grains, the speakers, and what is shown over HTTP.</summary>
internal sealed class ServiceHost : IAsyncDisposable
{
    /// <summary>Bounds the whole stop: handing over, withdrawing, closing.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(12);

    /// <summary>What a stop that was told to hurry may still take; the silo's own, while the API refuses its last word, would go on for a minute.</summary>
    private static readonly TimeSpan Hurry = TimeSpan.FromSeconds(1);

    private readonly WebApplication _app;
    private readonly InProcessExchange _own;
    private readonly KubernetesApi? _embedded;
    private readonly Shutdown _shutdown;

    private ServiceHost(WebApplication app, InProcessExchange own, KubernetesApi? embedded, Shutdown shutdown, Uri address) =>
        (_app, _own, _embedded, _shutdown, Address) = (app, own, embedded, shutdown, address);

    public IGrainFactory Grains => _app.Services.GetRequiredService<IGrainFactory>();

    public SpeakerFleet Speakers => _app.Services.GetRequiredService<SpeakerFleet>();

    public Readiness Readiness => _app.Services.GetRequiredService<Readiness>();

    /// <summary>Ends with the reason when this service must not go on, having fallen silent already; then it is to be abandoned and started anew.</summary>
    public Task<string> Doomed => _app.Services.GetRequiredService<Doom>().Told;

    /// <summary>Where it listens, with the port that it got.</summary>
    public Uri Address { get; }

    /// <summary>A client of this process itself, which takes no socket.</summary>
    public HttpClient ConnectWithin() => new(_own.CreateHandler()) { BaseAddress = Address };

    public static async Task<ServiceHost> Start(ServiceSettings settings, CancellationToken cancellation)
    {
        var host = await Compose(settings);
        try
        {
            host._app.Services.GetRequiredService<ApiClient>(); // a wrong kubeconfig is said before anything starts
            host._app.Services.GetRequiredService<Doom>().Fence = host.Speakers.Fence;
            await host._app.StartAsync(cancellation);
            await Task.WhenAll(host.RegisterNodes(settings.Nodes, cancellation), host._app.Services.GetRequiredService<SyncKeeper>().Look());
            foreach (var node in settings.Nodes) await host.StartNode(node);
            return host;
        }
        catch (Exception failed)
        {
            var isDoomed = host.Doomed.IsCompleted;
            await host.DisposeAsync();
            if (isDoomed && !cancellation.IsCancellationRequested) return await Start(settings, cancellation); // taken for dead before it stood
            if (failed is ConnectionException) throw new OperatorException(failed.Message, failed);
            throw;
        }
    }

    public void StartSpeaker(NodeSettings node) => Speakers.Start(new()
    {
        Node = node.Name,
        Interfaces = node.Interfaces,
        ExcludedInterfaces = node.ExcludedInterfaces,
        AnswerPings = node.AnswerPings,
        Announcement = new() { Refresh = node.AnnounceEvery },
        YieldRecheck = node.YieldRecheck,
    }, node);

    private async Task StartNode(NodeSettings node)
    {
        await _app.Services.SettleNode(node.Name);
        StartSpeaker(node);
    }

    /// <summary>Hands over and withdraws, then stops. What does not end in its time is left to end with the process.</summary>
    public async ValueTask DisposeAsync()
    {
        var time = StopTimeout + _app.Services.GetRequiredService<IOptions<LivenessOptions>>().Value.GracefulShutdownTime;
        using var late = new CancellationTokenSource(time);
        using var tooLate = new CancellationTokenSource(time + Hurry);
        await Speakers.Leave(late.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _shutdown.HasBegun = true;
        await _app.Services.StopGrains(late.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Doomed.IsCompleted) await late.CancelAsync(); // a silo that is dead has nothing to leave in order
        var stopping = _app.StopAsync(late.Token);
        await stopping.WaitAsync(tooLate.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stopping.IsCompleted) await _app.DisposeAsync();
        if (_embedded is not null) await _embedded.DisposeAsync();
    }

    private async Task RegisterNodes(IReadOnlyList<NodeSettings> nodes, CancellationToken cancellation)
    {
        if (_embedded is null) return;
        using var client = ConnectWithin();
        await new ManifestApplier(client).Register(nodes, _app.Services.GetRequiredService<TimeProvider>(), cancellation);
    }

    /// <summary>Puts the service together, while the embedded API, if there is one, reads its journal.</summary>
    private static async Task<ServiceHost> Compose(ServiceSettings settings)
    {
        var socket = HttpSocket.Listen(settings.Http);
        var opening = settings.Api is ApiSource.Embedded local ? Task.Run(() => OpenEmbedded(local)) : Task.FromResult<KubernetesApi?>(null);
        var shutdown = new Shutdown();
        var own = new InProcessExchange();
        var app = Build(settings, socket, own, shutdown);
        try
        {
            var embedded = await opening;
            if (embedded is not null) app.MapKubernetesApi(embedded);
            return new ServiceHost(app, own, embedded, shutdown, socket.Address);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    private static async Task<KubernetesApi?> OpenEmbedded(ApiSource.Embedded local)
    {
        try
        {
            return await KubernetesApiFactory.OpenAsync(new EmbeddedApiOptions { DataDirectory = local.Data });
        }
        catch (IOException unusable)
        {
            throw new OperatorException($"--data: {unusable.Message}", unusable);
        }
    }

    private static WebApplication Build(ServiceSettings settings, HttpSocket socket, InProcessExchange own, Shutdown shutdown)
    {
        var builder = WebApplication.CreateEmptyBuilder(new() { ApplicationName = "orleanslb" });
        builder.Configuration.AddEnvironmentVariables("ORLEANSLB_");
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);
        socket.HandTo(builder.WebHost);
        builder.Services.AddInProcessExchange(own);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = StopTimeout);
        builder.Services.AddSingleton<IHostLifetime, CallerLifetime>();
        builder.Services.AddRouting();
        builder.AddServiceLogging(settings.Log, shutdown);
        builder.Services.AddServiceTelemetry();
        builder.Services.AddService(settings, socket.Address, own);
        builder.AddGrains(settings);
        var app = builder.Build();
        app.Services.GetRequiredService<MetricsCollector>(); // so that it listens from the start
        app.MapStatus();
        app.MapOperations();
        return app;
    }
}
