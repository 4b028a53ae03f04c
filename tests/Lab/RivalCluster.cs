using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using OrleansLb.Api.Hosting;

namespace OrleansLb.Lab.Tests;

/// <summary>An API server without a load balancer, whose services show the addresses that another one has given them.</summary>
internal sealed class RivalCluster : IAsyncDisposable
{
    private readonly EmbeddedApi _api;
    private readonly HttpClient _http;

    private RivalCluster(EmbeddedApi api, string kubeconfig) =>
        (_api, Kubeconfig, _http) = (api, kubeconfig, new() { BaseAddress = api.BaseAddress });

    /// <summary>The file by which programs reach it.</summary>
    public string Kubeconfig { get; }

    public static async Task<RivalCluster> Start(string folder, CancellationToken cancellation)
    {
        var api = await EmbeddedApi.StartAsync(new EmbeddedApiOptions(), cancellation);
        var path = Path.Combine(folder, "kubeconfig");
        await File.WriteAllTextAsync(path, $$$"""
            apiVersion: v1
            kind: Config
            clusters:
            - name: c
              cluster: {server: "{{{api.BaseAddress.GetLeftPart(UriPartial.Authority)}}}" }
            contexts: [{name: c, context: {cluster: c, user: u}}]
            users: [{name: u, user: {token: test}}]
            current-context: c
            """, cancellation);
        return new(api, path);
    }

    public async Task<Tool.Result> Kubectl(string arguments, CancellationToken cancellation, string input = "") =>
        (await Tool.Run("kubectl", ["--kubeconfig", Kubeconfig, "--cache-dir", $"{Kubeconfig}.cache", .. arguments.Split(' ')], cancellation, input))
            .Succeeded();

    /// <summary>Writes addresses into a service's status.</summary>
    public async Task Show(string @namespace, string service, string[] addresses, CancellationToken cancellation)
    {
        var ingress = string.Join(',', addresses.Select(address => $$"""{"ip":"{{address}}"}"""));
        using var content = new StringContent($$$$"""{"status":{"loadBalancer":{"ingress":[{{{{ingress}}}}]}}}""", MediaTypeHeaderValue.Parse("application/merge-patch+json"));
        using var response =
            await _http.PatchAsync(new Uri($"/api/v1/namespaces/{@namespace}/services/{service}/status", UriKind.Relative), content, cancellation);
        response.EnsureSuccessStatusCode();
    }

    /// <summary>
    /// Waits until so many services have the condition that they hold addresses: by one watch, where <c>kubectl wait</c> asks for one after the other.
    /// </summary>
    public async Task UntilServed(int count, CancellationToken cancellation)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(TimeSpan.FromMinutes(3));
        using var watch = new StreamReader(await _http.GetStreamAsync(new Uri("/api/v1/services?watch=true", UriKind.Relative), late.Token));
        var served = new HashSet<string>();
        while (served.Count < count)
        {
            var line = await watch.ReadLineAsync(late.Token);
            Assert.True(line is not null, $"the watch ended when {served.Count} of {count} services were served");
            var service = JsonNode.Parse(line)!["object"]!;
            if (IsServed(service)) served.Add($"{service["metadata"]!["namespace"]}/{service["metadata"]!["name"]}");
        }
    }

    private static bool IsServed(JsonNode service) => (service["status"]?["conditions"]?.AsArray() ?? []).Any(condition =>
        condition!["type"]!.GetValue<string>() == "orleanslb.io/AddressAssigned" && condition["status"]!.GetValue<string>() == "True");

    /// <summary>Every service but the API's own, with what its status shows.</summary>
    public async Task<string[]> Shown(CancellationToken cancellation) =>
    [
        .. (await Kubectl("get services -A --no-headers -o custom-columns=S:.metadata.namespace,N:.metadata.name,I:.status.loadBalancer.ingress[*].ip",
            cancellation))
            .Lines.Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries))).Where(line => line.Split(' ')[1][0] == 's'),
    ];

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _api.DisposeAsync();
    }
}
