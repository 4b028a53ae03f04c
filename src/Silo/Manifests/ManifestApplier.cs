using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Manifests;

namespace OrleansLb.Silo.Manifests;

/// <summary>Puts manifests into the API: creates what is not there, and merges into what is.</summary>
internal sealed class ManifestApplier(HttpClient api)
{
    private const string DefaultNamespace = "default";
    private const string Terms = "?fieldManager=orleanslb-manifests&fieldValidation=Strict";
    private static readonly MediaTypeHeaderValue Json = new("application/json");
    private static readonly MediaTypeHeaderValue MergePatch = new("application/merge-patch+json");

    private readonly ConcurrentDictionary<string, Task<IReadOnlyList<ApiResource>>> _discovered = new(StringComparer.Ordinal);

    /// <summary>Applies one object; returns what is wrong with it in the server's words, or null.</summary>
    public async Task<string?> Apply(Mapping manifest, CancellationToken cancellation)
    {
        var (apiVersion, kind, name) = (manifest.Text("apiVersion"), manifest.Text("kind"), manifest.Text("metadata", "name"));
        if (apiVersion is null || kind is null) return "apiVersion and kind must be given, as strings.";
        if (name is null) return "metadata.name must be given, as a string.";
        if (await Find(apiVersion, kind, cancellation) is not { } resource)
            return $"there is no kind {kind} in {apiVersion}: mind the spelling, and the version.";
        var ns = resource.Namespaced ? manifest.Text("metadata", "namespace") ?? DefaultNamespace : null;
        using var created = await Send(HttpMethod.Post, resource.Path(ns), manifest, Json, cancellation);
        if (created.StatusCode != HttpStatusCode.Conflict) return await Refusal(created, cancellation);
        using var merged = await Send(HttpMethod.Patch, resource.Path(ns, name), manifest, MergePatch, cancellation);
        return await Refusal(merged, cancellation);
    }

    /// <summary>Merges the manifest's status into the status of an object that is there.</summary>
    public async Task<string?> ApplyStatus(ApiResource resource, Mapping manifest, CancellationToken cancellation)
    {
        var path = resource.Path(manifest.Text("metadata", "namespace"), manifest.Text("metadata", "name"), "status");
        using var merged = await Send(HttpMethod.Patch, path, manifest, MergePatch, cancellation);
        return await Refusal(merged, cancellation);
    }

    private async Task<HttpResponseMessage> Send(HttpMethod method, string path, Mapping manifest, MediaTypeHeaderValue type, CancellationToken cancellation)
    {
        using var request =
            new HttpRequestMessage(method, path + Terms) { Content = new ByteArrayContent(manifest.ToJson()) { Headers = { ContentType = type } } };
        return await api.SendAsync(request, cancellation);
    }

    private async Task<ApiResource?> Find(string apiVersion, string kind, CancellationToken cancellation)
    {
        var resources = await _discovered.GetOrAdd(apiVersion, version => Discover(version, cancellation));
        var found = resources.FirstOrDefault(resource => resource.Kind == kind);
        if (found is null) _discovered.TryRemove(apiVersion, out _); // a definition that is applied later may bring it
        return found;
    }

    private async Task<IReadOnlyList<ApiResource>> Discover(string apiVersion, CancellationToken cancellation)
    {
        var (group, version) = apiVersion.Split('/') is [var g, var v] ? (g, v) : ("", apiVersion);
        using var response = await api.GetAsync(new Uri(group.Length == 0 ? $"/api/{version}" : $"/apis/{apiVersion}", UriKind.Relative), cancellation);
        if (!response.IsSuccessStatusCode) return [];
        using var list = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(cancellation));
        return [.. list.RootElement.GetProperty("resources").EnumerateArray().Where(resource => !Text(resource, "name").Contains('/')).Select(resource =>
            new ApiResource(group, version, Text(resource, "name"), Text(resource, "kind"), resource.GetProperty("namespaced").GetBoolean()))];
    }

    private static string Text(JsonElement resource, string field) => resource.GetProperty(field).GetString() ?? "";

    private static async Task<string?> Refusal(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.IsSuccessStatusCode) return null;
        var body = await response.Content.ReadAsStringAsync(cancellation);
        try
        {
            using var status = JsonDocument.Parse(body);
            return status.RootElement.TryGetProperty("message", out var message) ? message.GetString() ?? body : body;
        }
        catch (JsonException)
        {
            return $"the server answered {(int)response.StatusCode}: {body}";
        }
    }
}
