using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.Logging;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Client.Transport;

namespace OrleansLb.Kubernetes.Client;

/// <summary>The verbs of the Kubernetes API on typed objects. A refusal is an <see cref="ApiException"/> to be judged by its reason.</summary>
public sealed class ApiClient : IDisposable
{
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly MediaTypeWithQualityHeaderValue AcceptJson = new("application/json");

    private readonly ApiTransport _transport;
    private readonly string _userAgent;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _slots;

    internal ApiClient(ApiTransport transport, KubernetesClientOptions options, TimeProvider time)
    {
        (_transport, _userAgent, _patience, _time) = (transport, options.UserAgent, options.RequestTimeout, time);
        _slots = new SemaphoreSlim(options.MaxRequestsInFlight);
    }

    /// <summary>A client for the connection that the options mean. It owns its connections: one per process is enough.</summary>
    public static ApiClient Connect(KubernetesClientOptions options, Func<string, string?> environment, TimeProvider time, ILogger<ApiClient> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ApiClient(new ApiTransport(options.Connect(environment, time), time, logger), options, time);
    }

    /// <summary>The namespace of the context or of the service account.</summary>
    public string Namespace => _transport.Connection.Namespace;

    public Uri Server => _transport.Connection.Server;

    /// <summary>False once the server has shown that it cannot stream a list.</summary>
    internal bool StreamsLists { get; set; } = true;

    public Task<T> Get<T>(ResourceType<T> type, string? ns, string name, CancellationToken cancellation)
        where T : class, IApiObject => Send(HttpMethod.Get, type.Resource.Path(ns, name), null, type.Json, cancellation);

    /// <summary>One page.</summary>
    public Task<ObjectList<T>> List<T>(ResourceType<T> type, ListQuery query, CancellationToken cancellation)
        where T : class, IApiObject
    {
        ArgumentNullException.ThrowIfNull(query);
        return Send(HttpMethod.Get, type.Resource.Path(query.Namespace) + query.ToQueryString(), null, type.ListJson, cancellation);
    }

    public Task<T> Create<T>(ResourceType<T> type, T value, CancellationToken cancellation)
        where T : class, IApiObject => Send(HttpMethod.Post, type.Resource.Path(value.Metadata.Namespace), Body(value, type.Json), type.Json, cancellation);

    /// <summary>Replaces the object; when it bears a resourceVersion, only if that still stands.</summary>
    public Task<T> Replace<T>(ResourceType<T> type, T value, CancellationToken cancellation, string? subresource = null)
        where T : class, IApiObject => Send(HttpMethod.Put, type.Resource.Path(value.Metadata.Namespace, value.Metadata.Name, subresource), Body(value, type.Json), type.Json, cancellation);

    public Task<T> Patch<T>(ResourceType<T> type, ObjectPath target, Patch patch, CancellationToken cancellation)
        where T : class, IApiObject
    {
        ArgumentNullException.ThrowIfNull(patch);
        return Send(HttpMethod.Patch, type.Resource.Path(target.Namespace, target.Name, target.Subresource) + patch.Query, patch.Content, type.Json, cancellation);
    }

    /// <summary>Deletes the object, if the preconditions hold; with finalizers on it, it stays until they are gone.</summary>
    public async Task Delete(ApiResource resource, ObjectPath target, Preconditions preconditions, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(resource);
        using var response = await Exchange(HttpMethod.Delete, resource.Path(target.Namespace, target.Name), () => preconditions.Content(), cancellation);
    }

    /// <summary>Sends a body and reads the answer as any type: for reviews, which are not stored objects.</summary>
    internal Task<TReply> Post<TBody, TReply>(string path, TBody body, JsonTypeInfo<TBody> bodyJson, JsonTypeInfo<TReply> replyJson, CancellationToken cancellation) =>
        Send(HttpMethod.Post, path, Body(body, bodyJson), replyJson, cancellation);

    /// <summary>Opens a stream of watch events; it ends when the server ends it.</summary>
    internal async Task<HttpResponseMessage> OpenStream(string pathAndQuery, CancellationToken cancellation)
    {
        var response = await _transport.Send(() => Request(HttpMethod.Get, pathAndQuery, null), cancellation);
        if (response.IsSuccessStatusCode) return response;
        using (response) throw await Refusal(response, HttpMethod.Get, pathAndQuery, cancellation);
    }

    public void Dispose()
    {
        _slots.Dispose();
        _transport.Dispose();
    }

    private async Task<TReply> Send<TReply>(HttpMethod method, string pathAndQuery, Func<HttpContent>? content, JsonTypeInfo<TReply> json, CancellationToken cancellation)
    {
        using var patience = new CancellationTokenSource(_patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        await _slots.WaitAsync(cancellation);
        try
        {
            using var response = await Exchange(method, pathAndQuery, content, either.Token);
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            return await JsonSerializer.DeserializeAsync(body, json, either.Token) ?? throw new HttpRequestException($"{method} {pathAndQuery}: the server answered with nothing.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"{method} {pathAndQuery}: no answer within {_patience.TotalSeconds:0} s.");
        }
        catch (JsonException fault)
        {
            throw new HttpRequestException($"{method} {pathAndQuery}: the answer is not the JSON that was asked for: {fault.Message}", fault);
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task<HttpResponseMessage> Exchange(HttpMethod method, string pathAndQuery, Func<HttpContent>? content, CancellationToken cancellation)
    {
        var response = await _transport.Send(() => Request(method, pathAndQuery, content), cancellation);
        if (response.IsSuccessStatusCode) return response;
        using (response) throw await Refusal(response, method, pathAndQuery, cancellation);
    }

    private HttpRequestMessage Request(HttpMethod method, string pathAndQuery, Func<HttpContent>? content)
    {
        var secure = _transport.Connection.Server.Scheme == "https";
        var request = new HttpRequestMessage(method, _transport.Connection.At(pathAndQuery))
        {
            Version = secure ? System.Net.HttpVersion.Version20 : System.Net.HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            Content = content?.Invoke(),
        };
        request.Headers.Accept.Add(AcceptJson);
        request.Headers.TryAddWithoutValidation("User-Agent", _userAgent);
        return request;
    }

    private static Func<HttpContent> Body<T>(T value, JsonTypeInfo<T> json)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(value, json);
        return () => new ByteArrayContent(bytes) { Headers = { ContentType = Json } };
    }

    private static async Task<ApiException> Refusal(HttpResponseMessage response, HttpMethod method, string pathAndQuery, CancellationToken cancellation)
    {
        var body = await response.Content.ReadAsByteArrayAsync(cancellation);
        return new ApiException(ApiStatuses.Read(body, (int)response.StatusCode, response.ReasonPhrase), $"{method} {pathAndQuery}");
    }
}
