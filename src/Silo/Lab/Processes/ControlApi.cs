using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Api.Hosting;
using OrleansLb.Api.Rest;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>
/// The Kubernetes API that all processes of the lab share: on a machine of its own on the lab's segment, and on the loopback for whoever looks on.
/// </summary>
internal sealed class ControlApi : IAsyncDisposable
{
    private readonly KubernetesApi _api;
    private readonly INetworkScope _scope;
    private readonly IPEndPoint _onSegment;
    private WebApplication? _server;
    private IPEndPoint _local;

    private ControlApi(KubernetesApi api, INetworkScope scope, IPEndPoint onSegment, IPEndPoint local) =>
        (_api, _scope, _onSegment, _local) = (api, scope, onSegment, local);

    /// <summary>What the nodes ask of it.</summary>
    public ApiTraffic Traffic { get; } = new(TimeProvider.System);

    /// <summary>Where the lab itself and its spectators reach it.</summary>
    public Uri Local => new($"http://{_local}");

    /// <summary>Where the nodes reach it.</summary>
    public Uri OnSegment => new($"http://{_onSegment}");

    public static async Task<ControlApi> Start(INetworkScope scope, IPEndPoint onSegment, IPEndPoint local, CancellationToken cancellation)
    {
        var api = new ControlApi(await KubernetesApiFactory.OpenAsync(new EmbeddedApiOptions()), scope, onSegment, local);
        await api.Resume(cancellation);
        return api;
    }

    public Task Apply(string yaml) => _api.ApplyTextAsync(yaml);

    /// <summary>The server goes; its objects stay.</summary>
    public async Task Suspend()
    {
        if (_server is not { } server) return;
        _server = null;
        using var now = new CancellationTokenSource();
        await now.CancelAsync(); // watches are cut as when a machine goes down
        await server.StopAsync(now.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await server.DisposeAsync();
    }

    public async Task Resume(CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(_onSegment);
            kestrel.Listen(_local);
        });
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.CreateBoundListenSocket = Bind);
        var server = builder.Build();
        server.Use(Traffic.Pass);
        server.MapKubernetesApiToAll(_api);
        await server.StartAsync(cancellation);
        _server = server;
    }

    public async ValueTask DisposeAsync()
    {
        await Suspend();
        await _api.DisposeAsync();
    }

    /// <summary>The port that it got the first time is kept.</summary>
    private System.Net.Sockets.Socket Bind(EndPoint endPoint)
    {
        if (endPoint.Equals(_onSegment)) return _scope.Run(() => SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint));
        var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint);
        _local = (IPEndPoint)socket.LocalEndPoint!;
        return socket;
    }
}
