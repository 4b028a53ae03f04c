using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace OrleansLb.Silo.Verbs;

/// <summary>The running service, asked over HTTP.</summary>
internal static class RunningService
{
    public const string DefaultAddress = "http://127.0.0.1:8480";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Longer than a hand-over is waited for.</summary>
    private static readonly TimeSpan OperationPatience = TimeSpan.FromSeconds(30);

    /// <summary><c>--server URL</c>, checked.</summary>
    public static Option<Uri> ServerOption() => new("--server")
    {
        Description = "Address of the running service.",
        HelpName = "URL",
        DefaultValueFactory = _ => new Uri(DefaultAddress),
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var server) && server.Scheme is "http" or "https") return server;
            result.AddError($"--server: '{result.Tokens[0].Value}' is no address of a service; write it as {DefaultAddress}.");
            return null;
        },
    };

    public static Option<bool> JsonOption() => new("--json") { Description = "Print JSON, for scripts." };

    /// <summary>The body at <paramref name="path"/>; an answer that it is not there is an <see cref="OperatorException"/> with the server's words.</summary>
    public static Task<string> Get(Uri server, string path, CancellationToken cancellation) => Send(server, HttpMethod.Get, path, Patience, cancellation);

    /// <summary>Tells it to do something; a refusal is an <see cref="OperatorException"/> with the server's words.</summary>
    public static Task<string> Post(Uri server, string path, CancellationToken cancellation) =>
        Send(server, HttpMethod.Post, path, OperationPatience, cancellation);

    private static async Task<string> Send(Uri server, HttpMethod method, string path, TimeSpan patience, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = server, Timeout = patience };
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        try
        {
            using var response = await client.SendAsync(request, cancellation);
            var body = await response.Content.ReadAsStringAsync(cancellation);
            if (response.IsSuccessStatusCode) return body;
            throw new OperatorException(IsRefusal(response.StatusCode) && body.Length > 0
                ? body.Trim()
                : $"{server} answered {(int)response.StatusCode} to {path}: {body.Trim()}");
        }
        catch (HttpRequestException down) when (down.InnerException is SocketException)
        {
            throw new OperatorException(
                $"no service answers at {server}: is 'orleanslb run' up, and is this its --http address? ({down.InnerException.Message})", down);
        }
        catch (HttpRequestException broken)
        {
            throw new OperatorException($"{server} does not answer as the service does: {broken.Message}", broken);
        }
        catch (TaskCanceledException slow) when (!cancellation.IsCancellationRequested)
        {
            throw new OperatorException($"{server} did not answer within {patience.TotalSeconds:0} s.", slow);
        }
    }

    private static bool IsRefusal(HttpStatusCode status) =>
        status is HttpStatusCode.NotFound or HttpStatusCode.Conflict or HttpStatusCode.Forbidden or HttpStatusCode.ServiceUnavailable;

    public static T Read<T>(Uri server, string body, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(body, type) ?? throw new OperatorException($"{server} answered nothing.");
        }
        catch (JsonException foreign)
        {
            throw new OperatorException($"{server} is not the service, or one of another version: its answer cannot be read ({foreign.Message})", foreign);
        }
    }
}
