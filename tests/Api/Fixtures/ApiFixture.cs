using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using OrleansLb.Api.Hosting;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.Tests.Fixtures;

/// <summary>An embedded API in memory with an HTTP client on it.</summary>
public class ApiFixture : IAsyncLifetime
{
    private readonly EmbeddedApiOptions _options;
    private EmbeddedApi? _server;

    public ApiFixture() : this(new EmbeddedApiOptions())
    {
    }

    private ApiFixture(EmbeddedApiOptions options) => _options = options;

    public EmbeddedApi Server => _server ?? throw new InvalidOperationException("not started");

    public HttpClient Http { get; private set; } = new();

    public static async Task<ApiFixture> StartAsync(EmbeddedApiOptions options)
    {
        var fixture = new ApiFixture(options);
        await fixture.InitializeAsync();
        return fixture;
    }

    public async ValueTask InitializeAsync()
    {
        _server = await EmbeddedApi.StartAsync(_options);
        Http = new HttpClient(Handler(_server)) { BaseAddress = _server.BaseAddress };
    }

    protected virtual HttpMessageHandler Handler(EmbeddedApi server) => new SocketsHttpHandler();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await Server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    public Task<ApiReply> GetAsync(string path, string accept = "application/json") => SendAsync(HttpMethod.Get, path, null, "application/json", accept);

    public Task<ApiReply> PostAsync(string path, string body) => SendAsync(HttpMethod.Post, path, body, "application/json");

    public Task<ApiReply> PutAsync(string path, string body) => SendAsync(HttpMethod.Put, path, body, "application/json");

    public Task<ApiReply> MergeAsync(string path, string body) => SendAsync(HttpMethod.Patch, path, body, "application/merge-patch+json");

    public Task<ApiReply> StrategicAsync(string path, string body) => SendAsync(HttpMethod.Patch, path, body, "application/strategic-merge-patch+json");

    public Task<ApiReply> JsonPatchAsync(string path, string body) => SendAsync(HttpMethod.Patch, path, body, "application/json-patch+json");

    public Task<ApiReply> ApplyAsync(string path, string body, string manager, bool force = false) =>
        SendAsync(HttpMethod.Patch, $"{path}?fieldManager={manager}&force={(force ? "true" : "false")}", body, "application/apply-patch+yaml");

    public Task<ApiReply> DeleteAsync(string path, string? body = null) => SendAsync(HttpMethod.Delete, path, body, "application/json");

    public async Task<ApiReply> SendAsync(HttpMethod method, string path, string? body, string contentType, string accept = "application/json")
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);
        }
        using var response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var warnings = response.Headers.TryGetValues("Warning", out var values) ? values.ToList() : [];
        return new((int)response.StatusCode, text, warnings);
    }

    /// <summary>A namespace of the test's own.</summary>
    public async Task<string> NamespaceAsync()
    {
        var name = $"t-{Guid.NewGuid():N}"[..12];
        var reply = await PostAsync("/api/v1/namespaces", $$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{name}}}"}}""");
        Assert.Equal(201, reply.Code);
        return name;
    }
}
