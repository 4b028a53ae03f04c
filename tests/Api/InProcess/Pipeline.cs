using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using OrleansLb.Api.InProcess;

namespace OrleansLb.Api.Tests.InProcess;

/// <summary>How a client reaches a pipeline.</summary>
public enum Way
{
    Socket,
    InProcess,
}

/// <summary>A web server whose pipeline does what a test says, reached by a socket or within the process.</summary>
internal sealed class Pipeline : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly InProcessExchange _exchange = new();

    private Pipeline(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddInProcessExchange(_exchange);
        _app = builder.Build();
        _app.Run(answer);
    }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public CancellationToken Stopping => _app.Lifetime.ApplicationStopping;

    public static async Task<Pipeline> Start(RequestDelegate answer)
    {
        var pipeline = new Pipeline(answer);
        await pipeline._app.StartAsync(TestContext.Current.CancellationToken);
        pipeline.Address = new(pipeline._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return pipeline;
    }

    public HttpClient Client(Way way)
    {
        var handler = way == Way.InProcess ? _exchange.CreateHandler() : new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        return new(handler) { BaseAddress = Address };
    }

    public Task Stop(CancellationToken now) => _app.StopAsync(now);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
