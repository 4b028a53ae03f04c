using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrleansLb.Api.InProcess;
using OrleansLb.Api.Rest;

namespace OrleansLb.Api.Hosting;

/// <summary>A Kubernetes API server of its own in this process, on a port of its own.</summary>
public sealed class EmbeddedApi : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly InProcessExchange _exchange;

    private EmbeddedApi(WebApplication application, InProcessExchange exchange, KubernetesApi api, Uri address) =>
        (_application, _exchange, Api, BaseAddress) = (application, exchange, api, address);

    public KubernetesApi Api { get; }

    /// <summary>Where it answers, with the port that it really got.</summary>
    public Uri BaseAddress { get; }

    /// <summary>Answers clients of this process without a socket, under the same address.</summary>
    public HttpMessageHandler CreateHandler() => _exchange.CreateHandler();

    /// <exception cref="IOException">The port is taken, or the data cannot be opened; the message says which.</exception>
    public static async Task<EmbeddedApi> StartAsync(EmbeddedApiOptions options, CancellationToken cancellation = default)
    {
        var api = await KubernetesApiFactory.OpenAsync(options);
        var exchange = new InProcessExchange();
        var application = Build(options, api, exchange);
        try
        {
            await application.StartAsync(cancellation);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            await application.DisposeAsync();
            await api.DisposeAsync();
            throw new IOException(
                $"the Kubernetes API cannot listen on {options.Endpoint}: {error.Message} Choose another port, or stop the program that has it.", error);
        }
        var addresses = application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses;
        return new(application, exchange, api, new Uri(addresses.First()));
    }

    /// <summary>Ends the watches, answers what is under way, and closes the store.</summary>
    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        await Api.DisposeAsync();
    }

    private static WebApplication Build(EmbeddedApiOptions options, KubernetesApi api, InProcessExchange exchange)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Listen(options.Endpoint);
        });
        builder.Services.AddInProcessExchange(exchange);
        builder.Services.AddRouting();
        var application = builder.Build();
        application.MapKubernetesApiToAll(api);
        return application;
    }
}
