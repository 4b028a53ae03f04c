using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Api.InProcess;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Connection;
using OrleansLb.Kubernetes.Client.Transport;

namespace OrleansLb.Kubernetes.Tests.Client;

/// <summary>A server on loopback, or within the process, that answers as a test says, request by request, and remembers what it was asked.</summary>
internal sealed class TestApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly InProcessExchange? _exchange;

    private TestApi(WebApplication app, InProcessExchange? exchange) => (_app, _exchange) = (app, exchange);

    public ConcurrentQueue<string> Requests { get; } = new();

    /// <summary>The names that TLS clients asked for (SNI).</summary>
    public ConcurrentQueue<string?> ServerNames { get; private init; } = new();

    public Uri Url { get; private set; } = null!;

    public static async Task<TestApi> Start(RequestDelegate answer, X509Certificate2? certificate = null, bool isWithin = false)
    {
        var names = new ConcurrentQueue<string?>();
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRouting();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null) listen.UseHttps(https => Secure(https, certificate, names));
        }));
        var exchange = isWithin ? new InProcessExchange() : null;
        if (exchange is not null) builder.Services.AddInProcessExchange(exchange);
        var app = builder.Build();
        var api = new TestApi(app, exchange) { ServerNames = names };
        app.Run(context =>
        {
            api.Requests.Enqueue($"{context.Request.Method} {context.Request.Path}{context.Request.QueryString}");
            return answer(context);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        api.Url = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        return api;
    }

    public ApiClient Client(TimeProvider? time = null, Func<ClusterConnection, ClusterConnection>? change = null, ILogger? logger = null)
    {
        var connection = new ClusterConnection(Url);
        var transport = new ApiTransport(change?.Invoke(connection) ?? connection, time ?? TimeProvider.System, logger ?? NullLogger.Instance,
            _exchange is null ? null : _ => _exchange.CreateHandler());
        return new ApiClient(transport, new KubernetesClientOptions(), time ?? TimeProvider.System);
    }

    private static void Secure(HttpsConnectionAdapterOptions https, X509Certificate2 certificate, ConcurrentQueue<string?> names)
    {
        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        https.ClientCertificateValidation = (_, _, _) => true;
        https.ServerCertificateSelector = (_, name) =>
        {
            names.Enqueue(name);
            return certificate;
        };
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}

internal static class Answers
{
    public static Task Json(this HttpContext context, string json, int code = 200)
    {
        context.Response.StatusCode = code;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    public static Task Refuse(this HttpContext context, int code, string reason, string message = "no") =>
        context.Json($$"""{"kind":"Status","apiVersion":"v1","status":"Failure","message":"{{message}}","reason":"{{reason}}","code":{{code}}}""", code);

    /// <summary>An object that has only a name.</summary>
    public static Task Named(this HttpContext context, string name) => context.Json($"{{\"metadata\":{{\"name\":\"{name}\"}}}}");

    /// <summary>Sends part of a body now.</summary>
    public static async Task Send(this HttpContext context, string text)
    {
        await context.Response.WriteAsync(text);
        await context.Response.Body.FlushAsync();
    }

    /// <summary>Holds the answer open until the client goes away.</summary>
    public static async Task Hold(this HttpContext context)
    {
        var gone = new TaskCompletionSource();
        await using var registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }

    public static bool IsWatch(this HttpContext context) => context.Request.Query["watch"] == "true";

    public static bool IsStreamedList(this HttpContext context) => context.Request.Query["sendInitialEvents"] == "true";
}
