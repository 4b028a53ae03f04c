using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Client.Transport;

namespace OrleansLb.Kubernetes.Client;

/// <summary>The verbs of the Kubernetes API on typed objects. A refusal is an <see cref="ApiException"/> to be judged by its reason.</summary>
public sealed class ApiClient : IDisposable
{
    private readonly ApiExchange _exchange;

    /// <summary>It uses the connections of another, which owns them.</summary>
    private readonly bool _givesWay;

    internal ApiClient(ApiTransport transport, KubernetesClientOptions options, TimeProvider time) => _exchange = new ApiExchange(transport, options, time);

    private ApiClient(ApiExchange exchange) => (_exchange, _givesWay) = (exchange, true);

    /// <summary>A client for the connection that the options mean. It owns its connections: one per process is enough.</summary>
    public static ApiClient Connect(KubernetesClientOptions options, Func<string, string?> environment, TimeProvider time, ILogger<ApiClient> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        var transport = options is { Server: not null, Handler: { } handler }
            ? new ApiTransport(options.Connect(environment, time), time, logger, _ => handler)
            : new ApiTransport(options.Connect(environment, time), time, logger);
        return new ApiClient(transport, options, time);
    }

    /// <summary>The namespace of the context or of the service account.</summary>
    public string Namespace => _exchange.Transport.Connection.Namespace;

    public Uri Server => _exchange.Transport.Connection.Server;

    /// <summary>
    /// The same client for requests that nobody waits for: what goes by this one gives way to what goes by the other, for some seconds at most.
    /// </summary>
    public ApiClient GivingWay => new(_exchange);

    internal Reachability Reachability => _exchange.Reachability;

    /// <summary>False once the server has shown that it cannot stream a list.</summary>
    internal bool StreamsLists { get; set; } = true;

    public Task<T> Get<T>(ResourceType<T> type, string? ns, string name, CancellationToken cancellation)
        where T : class, IApiObject
    {
        ArgumentNullException.ThrowIfNull(type);
        return Run(new ApiCall(HttpMethod.Get, type.Resource, type.Resource.Path(ns, name)), type.Json, cancellation);
    }

    /// <summary>One page.</summary>
    public Task<ObjectList<T>> List<T>(ResourceType<T> type, ListQuery query, CancellationToken cancellation)
        where T : class, IApiObject
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(query);
        return Run(new ApiCall(HttpMethod.Get, type.Resource, type.Resource.Path(query.Namespace) + query.ToQueryString()), type.ListJson, cancellation);
    }

    public Task<T> Create<T>(ResourceType<T> type, T value, CancellationToken cancellation)
        where T : class, IApiObject
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(value);
        return Run(new ApiCall(HttpMethod.Post, type.Resource, type.Resource.Path(value.Metadata.Namespace), ApiCall.Body(value, type.Json)), type.Json,
            cancellation);
    }

    /// <summary>Replaces the object; when it bears a resourceVersion, only if that still stands.</summary>
    public Task<T> Replace<T>(ResourceType<T> type, T value, CancellationToken cancellation)
        where T : class, IApiObject
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(value);
        var path = type.Resource.Path(value.Metadata.Namespace, value.Metadata.Name);
        return Run(new ApiCall(HttpMethod.Put, type.Resource, path, ApiCall.Body(value, type.Json)), type.Json, cancellation);
    }

    public Task<T> Patch<T>(ResourceType<T> type, ObjectPath target, Patch patch, CancellationToken cancellation)
        where T : class, IApiObject
    {
        ArgumentNullException.ThrowIfNull(type);
        ArgumentNullException.ThrowIfNull(patch);
        var path = type.Resource.Path(target.Namespace, target.Name, target.Subresource) + patch.Query;
        return Run(new ApiCall(HttpMethod.Patch, type.Resource, path, patch.Content), type.Json, cancellation);
    }

    /// <summary>Likewise, for those who do not ask what has become of the object.</summary>
    public Task Patch(ApiResource resource, ObjectPath target, Patch patch, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(patch);
        var call = new ApiCall(HttpMethod.Patch, resource, resource.Path(target.Namespace, target.Name, target.Subresource) + patch.Query, patch.Content);
        return Run(call, Ignore, cancellation);
    }

    /// <summary>Deletes the object, if the preconditions hold; with finalizers on it, it stays until they are gone.</summary>
    public Task Delete(ApiResource resource, ObjectPath target, Preconditions preconditions, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var call = new ApiCall(HttpMethod.Delete, resource, resource.Path(target.Namespace, target.Name), preconditions.Content);
        return Run(call, Ignore, cancellation);
    }

    /// <summary>Sends a review, which is answered and not stored.</summary>
    internal Task<T> Review<T>(ApiResource resource, T review, JsonTypeInfo<T> json, CancellationToken cancellation) =>
        Run(new ApiCall(HttpMethod.Post, resource, resource.Path(), ApiCall.Body(review, json)), json, cancellation);

    /// <summary>Opens a stream of watch events; it ends when the server ends it.</summary>
    internal Task<HttpResponseMessage> OpenWatch(ApiResource resource, ListQuery query, CancellationToken cancellation) =>
        _exchange.Open(new ApiCall(HttpMethod.Get, resource, resource.Path(query.Namespace) + query.ToQueryString()), cancellation);

    public void Dispose()
    {
        if (!_givesWay) _exchange.Dispose();
    }

    private static async ValueTask<bool> Ignore(Stream body, CancellationToken cancellation)
    {
        await body.CopyToAsync(Stream.Null, cancellation);
        return true;
    }

    private Task<T> Run<T>(ApiCall call, JsonTypeInfo<T> json, CancellationToken cancellation) =>
        Run(call, async (body, stop) => await JsonSerializer.DeserializeAsync(body, json, stop) ?? throw new JsonException("it is null."), cancellation);

    private Task<TReply> Run<TReply>(ApiCall call, Func<Stream, CancellationToken, ValueTask<TReply>> read, CancellationToken cancellation) =>
        _exchange.Run(_givesWay ? call with { GivesWay = true } : call, read, cancellation);
}
