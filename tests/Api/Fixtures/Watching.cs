using System.Text.Json.Nodes;
using OrleansLb.Api.Json;

namespace OrleansLb.Api.Tests.Fixtures;

/// <summary>An open watch, read event by event.</summary>
public sealed class Watching : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpResponseMessage _response;
    private readonly StreamReader _lines;

    private Watching(HttpResponseMessage response, StreamReader lines) => (_response, _lines) = (response, lines);

    public static async Task<Watching> OpenAsync(ApiFixture api, string pathAndQuery, string accept = "application/json")
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, pathAndQuery);
        request.Headers.TryAddWithoutValidation("Accept", accept);
        var response = await api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
        return new(response, new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>The next event, or null when the server has ended the watch.</summary>
    public async Task<WatchedEvent?> NextAsync()
    {
        var line = await _lines.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Patience, TestContext.Current.CancellationToken);
        return line is null ? null : new((JsonObject)JsonNode.Parse(line)!);
    }

    public async Task<WatchedEvent> ExpectAsync(string type, string name)
    {
        var next = await NextAsync();
        Assert.NotNull(next);
        Assert.Equal((type, name), (next.Type, next.Name));
        return next;
    }

    public ValueTask DisposeAsync()
    {
        _lines.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }
}

/// <summary>One event of a watch.</summary>
public sealed record WatchedEvent(JsonObject Json)
{
    public string Type => Json.Text("type") ?? "";

    public JsonObject Object => Json.Object("object") ?? [];

    public string Name => Object.Object("metadata").Text("name") ?? "";

    public string Revision => Object.Object("metadata").Text("resourceVersion") ?? "";
}
