using System.Net;
using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Silo.Hosting;
using OrleansLb.Silo.Lab.Story;
using OrleansLb.Silo.Manifests;

namespace OrleansLb.Silo.Tests.Hosting;

/// <summary>Two processes that know nothing of each other serve one API over HTTP: the worst split brain that there can be.</summary>
public sealed class TwoControlPlanesTests
{
    private const int Services = 60;
    private const int Addresses = 64;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_activations_of_a_pool_against_one_API_never_give_an_address_twice()
    {
        await using var first = await ServiceHost.Start(Settings(new ApiSource.Embedded(null), "node1"), Cancellation);
        var kubeconfig = Path.GetTempFileName();
        await File.WriteAllTextAsync(kubeconfig, $$$"""
            {apiVersion: v1, kind: Config, current-context: c, clusters: [{name: c, cluster: {server: "{{{first.Address}}}"}}], contexts: [{name: c, context: {cluster: c, user: u}}], users: [{name: u, user: {}}]}
            """, Cancellation);
        await using var second = await ServiceHost.Start(Settings(new ApiSource.Kubeconfig(kubeconfig), "node2"), Cancellation);
        using var api = new HttpClient { BaseAddress = first.Address };
        var applier = new ManifestApplier(api);
        Assert.Null(await applier.Apply(ManifestText.One($$$"""{apiVersion: orleanslb.io/v1alpha1, kind: AddressPool, metadata: {name: front}, spec: {addresses: ["192.168.0.64-192.168.0.{{{63 + Addresses}}}"]}}"""), Cancellation));
        await Task.WhenAll(Enumerable.Range(0, Services).Select(async number => Assert.Null(await applier.Apply(ManifestText.One(
            $$$"""{apiVersion: v1, kind: Service, metadata: {name: s{{{number}}}, namespace: default}, spec: {type: LoadBalancer, allocateLoadBalancerNodePorts: false, ports: [{port: 80}]}}"""), Cancellation))));

        var agreed = await Eventually.See("every service with an address that its claim has", async () => await Agreed(api),
            async () => $"{(await Shown(api)).Count} show an address", Cancellation);
        Assert.Equal(Services, agreed.Count);
        File.Delete(kubeconfig);
    }

    private static ServiceSettings Settings(ApiSource api, string node) =>
        new(api, new IPEndPoint(IPAddress.Loopback, 0), [NodeLinkage.InMemory().Node(new NodeName(node), [])], LogSettings.Quiet);

    /// <summary>What each Service shows, once that is what the claims say; at no moment may two show one address, or one claim have two holders.</summary>
    private static async Task<Dictionary<string, string>?> Agreed(HttpClient api)
    {
        var shown = await Shown(api);
        Assert.Equal(shown.Count, shown.Values.Distinct().Count());
        var claims = await Items(api, "/apis/orleanslb.io/v1alpha1/addressclaims");
        var held = claims.ToDictionary(claim => claim["spec"]!["address"]!.GetValue<string>(),
            claim => Assert.Single(claim["spec"]!["holders"]!.AsArray())!["name"]!.GetValue<string>());
        return shown.Count == Services && shown.All(service => held.GetValueOrDefault(service.Value) == service.Key) ? shown : null;
    }

    /// <summary>The address of each Service that shows one.</summary>
    private static async Task<Dictionary<string, string>> Shown(HttpClient api) => (await Items(api, "/api/v1/services"))
        .Where(service => service["status"]?["loadBalancer"]?["ingress"]?[0]?["ip"] is not null)
        .ToDictionary(service => service["metadata"]!["name"]!.GetValue<string>(),
            service => service["status"]!["loadBalancer"]!["ingress"]![0]!["ip"]!.GetValue<string>());

    private static async Task<List<JsonNode>> Items(HttpClient api, string path) =>
        [.. JsonNode.Parse(await api.GetStringAsync(new Uri(path, UriKind.Relative), Cancellation))!["items"]!.AsArray().OfType<JsonNode>()];
}
