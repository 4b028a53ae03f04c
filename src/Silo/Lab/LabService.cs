using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Kubernetes.Manifests;
using OrleansLb.Silo.Hosting;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Story;
using OrleansLb.Silo.Manifests;

namespace OrleansLb.Silo.Lab;

/// <summary>The service as the lab runs it: the embedded API and the grains in this process, a speaker on every node of the lab's network.</summary>
internal sealed class LabService : IAsyncDisposable
{
    private readonly ServiceSettings _settings;
    private readonly Dictionary<NodeName, NodeSwitch> _switches;
    private ServiceHost _host;
    private HttpClient _api;
    private ManifestApplier _applier;

    private LabService(ServiceSettings settings, Dictionary<NodeName, NodeSwitch> switches, ServiceHost host)
    {
        (_settings, _switches, _host) = (settings, switches, host);
        (_api, _applier) = ClientOf(host);
    }

    public IGrainFactory Grains => _host.Grains;

    public SpeakerFleet Speakers => _host.Speakers;

    public Uri Address => _host.Address;

    /// <summary>The last lines that were logged, in detail; empty where they are not kept.</summary>
    public IReadOnlyList<string> RecentLog => _settings.Log.Recent?.Lines ?? [];

    /// <summary>What can be done to the node while it runs.</summary>
    public NodeSwitch Switch(NodeName node) => _switches[node];

    /// <param name="data">Where the API's objects are kept; null for memory.</param>
    public static async Task<LabService> Start(ILabNetwork network, string? data, IPEndPoint http, LogSettings log, CancellationToken cancellation)
    {
        var switches = network.Plan.Nodes.ToDictionary(node => new NodeName(node.Name), _ => new NodeSwitch());
        var nodes = network.Plan.Nodes.Select(node => switches[new(node.Name)].Settings(network, node)).ToList();
        var settings = new ServiceSettings(new ApiSource.Embedded(data), http, nodes, log);
        return new(settings, switches, await StartReady(settings, cancellation));
    }

    /// <summary>Applies a document; a refusal is an <see cref="OperatorException"/>.</summary>
    public async Task Apply(Mapping document, CancellationToken cancellation)
    {
        if (await _applier.Apply(document, cancellation) is { } refusal)
            throw new OperatorException($"{document.Text("kind")} {document.Text("metadata", "name")}: {refusal}");
    }

    public async Task<JsonNode> Get(string path, CancellationToken cancellation) =>
        JsonNode.Parse(await _api.GetStringAsync(new Uri(path, UriKind.Relative), cancellation)) ?? throw new OperatorException($"{path}: nothing came.");

    public async Task MergePatch(string path, JsonObject patch, CancellationToken cancellation)
    {
        using var content = new StringContent(patch.ToJsonString(), Encoding.UTF8, new MediaTypeHeaderValue("application/merge-patch+json"));
        using var response = await _api.PatchAsync(new Uri(path, UriKind.Relative), content, cancellation);
        if (!response.IsSuccessStatusCode) throw new OperatorException($"{path}: {await response.Content.ReadAsStringAsync(cancellation)}");
    }

    public async Task Delete(string path, CancellationToken cancellation)
    {
        using var response = await _api.DeleteAsync(new Uri(path, UriKind.Relative), cancellation);
        if (!response.IsSuccessStatusCode) throw new OperatorException($"{path}: {await response.Content.ReadAsStringAsync(cancellation)}");
    }

    /// <summary>Creates an object from JSON.</summary>
    public async Task Create(string path, string json, CancellationToken cancellation)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await _api.PostAsync(new Uri(path, UriKind.Relative), content, cancellation);
        if (!response.IsSuccessStatusCode) throw new OperatorException($"{path}: {await response.Content.ReadAsStringAsync(cancellation)}");
    }

    /// <summary>Asks the service for an operation; what it answers.</summary>
    public async Task<string> Post(string path, CancellationToken cancellation)
    {
        using var response = await _api.PostAsync(new Uri(path, UriKind.Relative), null, cancellation);
        var answer = await response.Content.ReadAsStringAsync(cancellation);
        return response.IsSuccessStatusCode ? answer : throw new OperatorException($"{path}: {answer}");
    }

    public void StartSpeaker(NodeName node) => _host.StartSpeaker(_settings.Nodes.Single(settings => settings.Name == node));

    /// <summary>Stops in order and starts anew on the same data.</summary>
    public async Task Restart(CancellationToken cancellation)
    {
        await _host.DisposeAsync();
        _api.Dispose();
        _host = await StartReady(_settings, cancellation);
        (_api, _applier) = ClientOf(_host);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _switches.Values) node.Restore();
        await _host.DisposeAsync();
        _api.Dispose();
    }

    /// <summary>What the story measures begins when everything stands.</summary>
    private static async Task<ServiceHost> StartReady(ServiceSettings settings, CancellationToken cancellation)
    {
        var host = await ServiceHost.Start(settings, cancellation);
        try
        {
            return await Eventually.See("the service ready",
                async () => (await host.Readiness.Missing()).Count == 0 ? host : null,
                async () => string.Join("; ", await host.Readiness.Missing()), cancellation);
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    private static (HttpClient, ManifestApplier) ClientOf(ServiceHost host)
    {
        var client = new HttpClient { BaseAddress = host.Address };
        return (client, new ManifestApplier(client));
    }
}
