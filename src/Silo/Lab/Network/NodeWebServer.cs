using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Silo.Lab.Network;

/// <summary>What stands behind every service on a lab node: a web server in the node's network stack that answers with the node's name.</summary>
internal sealed class NodeWebServer : IAsyncDisposable
{
    public const int Port = 80;

    private readonly WebApplication _server;

    private NodeWebServer(WebApplication server) => _server = server;

    public static async Task<NodeWebServer> Start(string node, INetworkScope scope, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenAnyIP(Port));
        builder.Services.Configure<SocketTransportOptions>(sockets =>
            sockets.CreateBoundListenSocket = endPoint => scope.Run(() => SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint)));
        var server = builder.Build();
        server.Run(context => context.Response.WriteAsync(node + "\n", context.RequestAborted));
        await server.StartAsync(cancellation);
        return new(server);
    }

    public ValueTask DisposeAsync() => _server.DisposeAsync();
}
