using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Api.Hosting;
using OrleansLb.Api.Rest;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Connection;
using OrleansLb.Kubernetes.Client.Transport;

namespace OrleansLb.Kubernetes.Tests.Deploy;

/// <summary>An embedded API behind a guard that lets through what the roles allow, and notes what was asked for.</summary>
internal sealed class GuardedApi : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly KubernetesApi _api;
    private readonly ConcurrentDictionary<Access, bool> _asked = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _awaited = [];

    private GuardedApi(WebApplication application, KubernetesApi api, Roles roles) => (_application, _api, Roles) = (application, api, roles);

    /// <summary>What is granted, from the next request on.</summary>
    public Roles Roles { get; set; }

    public Uri Address => new(_application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());

    public IEnumerable<Access> Granted => _asked.Where(asked => asked.Value).Select(asked => asked.Key);

    public IEnumerable<Access> Denied => _asked.Where(asked => !asked.Value).Select(asked => asked.Key);

    public static async Task<GuardedApi> Start(Roles roles)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var api = await KubernetesApiFactory.OpenAsync(new EmbeddedApiOptions());
        var guarded = new GuardedApi(builder.Build(), api, roles);
        guarded._application.Use((http, next) => guarded.Judge(http) is { } refused ? Refuse(http, refused) : next(http));
        guarded._application.MapKubernetesApiToAll(api);
        await guarded._application.StartAsync(TestContext.Current.CancellationToken);
        return guarded;
    }

    /// <summary>A client that is guarded.</summary>
    public ApiClient Connect() =>
        new(new ApiTransport(new ClusterConnection(Address), TimeProvider.System, NullLogger.Instance), new KubernetesClientOptions(), TimeProvider.System);

    /// <summary>As an administrator, past the guard.</summary>
    public Task Apply(string yaml) => _api.ApplyTextAsync(yaml);

    /// <summary>Until this is asked for, as in <c>patch events.events.k8s.io</c>.</summary>
    public Task WhenAsked(string access) => Awaited(access).Task.WaitAsync(TestContext.Current.CancellationToken);

    private TaskCompletionSource Awaited(string access) => _awaited.GetOrAdd(access, _ => new(TaskCreationOptions.RunContinuationsAsynchronously));

    private Access? Judge(HttpContext http)
    {
        if (Roles.Asked(http.Request.Method, http.Request.Path, http.Request.Query["watch"]) is not { } access) return null;
        var isAllowed = Roles.Allow(access);
        _asked[access] = isAllowed;
        Awaited(access.ToString()).TrySetResult();
        return isAllowed ? null : access;
    }

    private static Task Refuse(HttpContext http, Access access)
    {
        http.Response.StatusCode = StatusCodes.Status403Forbidden;
        return http.Response.WriteAsJsonAsync(new { kind = "Status", apiVersion = "v1", status = "Failure", reason = "Forbidden", code = 403,
            message =
                $"{access.Resource} is forbidden: User \"lb\" cannot {access.Verb} resource \"{access.Resource}\" in API group "
                    + $"\"{access.Group}\" at the cluster scope" });
    }

    public async ValueTask DisposeAsync()
    {
        await _application.StopAsync();
        await _application.DisposeAsync();
        await _api.DisposeAsync();
    }
}
