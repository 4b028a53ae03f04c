using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrleansLb.Api.Discovery;
using OrleansLb.Api.Objects;
using OrleansLb.Api.OpenApi;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Statuses;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Rest;

/// <summary>The Kubernetes API over a store: answers HTTP requests, and takes objects from within the process.</summary>
public sealed class KubernetesApi : IAsyncDisposable
{
    private readonly EventRetention _retention;
    private readonly CatalogSource _catalog = new();
    private readonly ResourceVerbs _verbs;

    private readonly ILogger _logger;

    public KubernetesApi(ObjectStore store, AddressPlan addresses, ILogger logger)
    {
        _logger = logger;
        Store = store;
        Writer = new(new(), addresses);
        _verbs = new(store, Writer);
        _retention = new(store);
    }

    public ObjectStore Store { get; }

    public ResourceCatalog Catalog => _catalog.At(Store.Image);

    internal ObjectWriter Writer { get; }

    /// <summary>Closes the store; what was answered is on disk.</summary>
    public async ValueTask DisposeAsync()
    {
        await _retention.DisposeAsync();
        await Store.DisposeAsync();
    }

    public async Task HandleAsync(HttpContext http)
    {
        try
        {
            await RouteAsync(http);
        }
        catch (ApiException refusal) when (!http.Response.HasStarted)
        {
            await Responses.WriteErrorAsync(http, refusal.Error);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Abort(); // the client has gone: nobody to answer
        }
        catch (BadHttpRequestException bad) when (!http.Response.HasStarted)
        {
            await Responses.WriteErrorAsync(http, ApiError.BadRequest(bad.Message) with { Code = bad.StatusCode });
        }
        catch (Exception fault) when (!http.Response.HasStarted)
        {
            _logger.RequestFailed(fault, http.Request.Method, http.Request.Path);
            await Responses.WriteErrorAsync(http, ApiError.Internal(fault.Message));
        }
    }

    private Task RouteAsync(HttpContext http)
    {
        var catalog = Catalog;
        if (DiscoveryHandler.Answer(http, catalog) is { } answered) return answered;
        if (OpenApiHandler.Answer(http, catalog) is { } described) return described;
        var path = ApiPath.Parse(http.Request.Path.Value ?? "");
        if (ReviewHandler.Answer(http, path) is { } reviewed) return reviewed;
        var type = path is null ? null : catalog.Find(path.Group, path.Version, path.Plural);
        if (path is null || type is null || !Serves(type, path)) throw ApiError.NoSuchPath().AsException();
        return _verbs.HandleAsync(new(http, type, path));
    }

    private static bool Serves(ResourceType type, ApiPath path) =>
        (type.Namespaced || path.Namespace.Length == 0)
        && (path.Subresource.Length == 0 || (path.Subresource == "status" && type.HasStatus))
        && !(type.Namespaced && path.Namespace.Length == 0 && path.Name.Length > 0);
}
