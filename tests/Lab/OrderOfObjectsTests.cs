using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using OrleansLb.Silo.Lab;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Lab.Tests;

/// <summary>
/// A cluster's objects in the three dialects, made in any order, some of them deleted and made again on the way: what comes of it is always the same.
/// Services ask for what they get by pool, by address or by key, for whoever asks for nothing is served in the order of arrival.
/// </summary>
public sealed class OrderOfObjectsTests : IDisposable
{
    private const string Ours = "/apis/orleanslb.io/v1alpha1", MetalLb = "/apis/metallb.io/v1beta1/namespaces/metallb-system",
        OpenElb = "/apis/network.kubesphere.io/v1alpha2";
    private const string Slices = "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices";

    /// <summary>Path of the collection and the rest of the object; the kind and version follow from the path.</summary>
    private static readonly (string Collection, string Kind, string Name, string Body)[] Objects =
    [
        (Ours + "/addresspools", "AddressPool", "ours", "spec: {addresses: [192.0.2.10-192.0.2.19], autoAssign: false}"),
        (Ours + "/addresspools", "AddressPool", "shops", "spec: {addresses: [192.0.2.20-192.0.2.29], serviceAllocation: "
            + "{namespaceSelectors: [{matchLabels: {team: shop}}], enforced: true}, autoAssign: false}"),
        (Ours + "/l2advertisements", "L2Advertisement", "ours", "spec: {addressPools: [ours, shops], nodeSelectors: [{matchLabels: {rack: a}}]}"),
        (Ours + "/addressquotas", "AddressQuota", "shop", "spec: {addresses: 9, namespaces: [shop]}"),
        (Ours + "/addressclaims", "AddressClaim", "192.0.2.11", "spec: {address: 192.0.2.11, reservation: {namespace: shop, name: reserved}}"),
        (MetalLb + "/ipaddresspools", "IPAddressPool", "theirs", "spec: {addresses: [198.51.100.0/28], avoidBuggyIPs: true, autoAssign: false}"),
        (MetalLb + "/ipaddresspools", "IPAddressPool", "routed", "spec: {addresses: [203.0.113.0/24, '2001:db8:1::/64'], autoAssign: false}"),
        (MetalLb + "/l2advertisements", "L2Advertisement", "theirs", "spec: {ipAddressPools: [theirs]}"),
        (MetalLb + "/bgpadvertisements", "BGPAdvertisement", "routed",
            "spec: {ipAddressPools: [routed], communities: [vip], peers: [tor], aggregationLength: 24}"),
        (MetalLb + "/communities", "Community", "names", "spec: {communities: [{name: vip, value: '64500:7'}]}"),
        (MetalLb + "/bfdprofiles", "BFDProfile", "fast", "spec: {receiveInterval: 300}"),
        ("/apis/metallb.io/v1beta2/namespaces/metallb-system/bgppeers", "BGPPeer", "tor", "spec: {myASN: 64500, peerASN: 64501, peerAddress: 192.0.2.250, "
            + "bfdProfile: fast, passwordSecret: {name: tor}}"),
        ("/api/v1/namespaces/metallb-system/secrets", "Secret", "tor", "type: kubernetes.io/basic-auth\nstringData: {password: hush}"),
        (OpenElb + "/eips", "Eip", "eip", "metadata: {annotations: {eip.openelb.kubesphere.io/is-default-eip: 'true'}}\n"
            + "spec: {address: 192.0.2.100-192.0.2.109, protocol: layer2, interface: can_reach:192.0.2.1}"),
        (MetalLb + "/ipaddresspools", "IPAddressPool", "wrong", "spec: {addresses: [10.0.0.9-10.0.0.1, 10.0.0.0/33]}"),
        Service("by-pool", "{orleanslb.io/address-pool: ours}"),
        Service("by-address", "{orleanslb.io/addresses: 192.0.2.15}"),
        Service("reserved", "{orleanslb.io/addresses: 192.0.2.11}"),
        Service("not-mine", "{orleanslb.io/addresses: 192.0.2.11}"),
        Service("team", "{metallb.io/address-pool: shops}"),
        Service("one", "{metallb.io/address-pool: theirs, metallb.io/allow-shared-ip: k}", "ports: [{port: 80}]"),
        Service("two", "{metallb.universe.tf/address-pool: theirs, metallb.universe.tf/allow-shared-ip: k}", "ports: [{port: 81}]"),
        Service("avoided", "{metallb.io/loadBalancerIPs: 198.51.100.0}"),
        Service("nowhere", "{metallb.io/address-pool: nowhere}"),
        Service("routed", "{metallb.io/address-pool: routed}", "ipFamilyPolicy: RequireDualStack, ports: [{port: 80}]"),
        Service("elb", "{lb.kubesphere.io/v1alpha1: openelb, eip.openelb.kubesphere.io/v1alpha2: eip}"),
        Service("default-eip", "{lb.kubesphere.io/v1alpha1: openelb}"),
        Service("local", "{orleanslb.io/address-pool: ours}", "externalTrafficPolicy: Local, ports: [{port: 80}]"),
        Service("astray", "{orleanslb.io/address-pool: ours}", "externalTrafficPolicy: Local, ports: [{port: 80}]"),
        Slice("local", "node1"),
        Slice("astray", "node9"),
    ];

    private readonly TemporaryFolder _data = new();
    private HttpClient _http = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _http?.Dispose();
        _data.Dispose();
    }

    [Fact]
    public async Task Whatever_comes_first_the_same_comes_of_it()
    {
        await using var run = await RunningProgram.Serve(_data.Path, Stop);
        _http = new() { BaseAddress = new(run.Address.GetLeftPart(UriPartial.Authority)) };
        await Apply("/api/v1/namespaces", "Namespace", "metallb-system", "");
        await Apply("/api/v1/namespaces", "Namespace", "shop", "");
        string? first = null;
        for (var seed = 1; seed <= 8; seed++)
        {
            var random = new Random(seed);
            await Make(random);
            var seen = first is null ? first = await Settled() : await Becomes(first, seed);
            Assert.Equal(first, seen);
            await Clear(random);
        }
        Assert.Contains("by-address: 192.0.2.15", first, StringComparison.Ordinal);
        Assert.Contains("reserved: 192.0.2.11", first, StringComparison.Ordinal);
        Assert.Contains("AddressReserved", first, StringComparison.Ordinal);
    }

    /// <summary>All of them, the labels of namespace and node too, in an order of the seed's; a third is deleted and made again.</summary>
    private async Task Make(Random random)
    {
        var acts = Objects.Select(item => (Func<Task>)(() => Apply(item.Collection, item.Kind, item.Name, item.Body)))
            .Append(() => Label("/api/v1/namespaces/shop", "team", "shop"))
            .Append(() => Label("/api/v1/nodes/node1", "rack", "a")).ToArray();
        random.Shuffle(acts);
        foreach (var act in acts) await act();
        var again = Objects.Where(_ => random.Next(3) == 0).ToArray();
        random.Shuffle(again);
        foreach (var item in again) await Delete(item.Collection, item.Name);
        random.Shuffle(again);
        foreach (var item in again)
        {
            await Gone(item.Collection, item.Name);
            await Apply(item.Collection, item.Kind, item.Name, item.Body);
        }
    }

    private async Task Clear(Random random)
    {
        var all = Objects.ToArray();
        random.Shuffle(all);
        foreach (var item in all) await Delete(item.Collection, item.Name);
        foreach (var item in all) await Gone(item.Collection, item.Name);
        await Label("/api/v1/namespaces/shop", "team", null);
        await Label("/api/v1/nodes/node1", "rack", null);
        await Eventually.See("no claim is left", async () => (await Get(Ours + "/addressclaims"))["items"]!.AsArray().Count == 0 ? "" : null,
            async () => (await Get(Ours + "/addressclaims")).ToJsonString(), Stop);
    }

    /// <summary>What the first order leads to, once it says the same for a while: every service has said why it has what it has.</summary>
    private async Task<string> Settled()
    {
        await Eventually.See("every service is told of", async () => (await Picture()) is var picture && !picture.Contains("-\n", StringComparison.Ordinal)
            && picture.Contains("local: 192.0.2", StringComparison.Ordinal) && picture.Contains("Announced=True/Announced", StringComparison.Ordinal)
            && Objects.Where(item => item.Kind == "Service").All(item => picture.Contains($"\n{item.Name}: ", StringComparison.Ordinal)) ? "" : null, Picture,
                Stop);
        string before;
        do
        {
            before = await Picture();
            await Task.Delay(TimeSpan.FromSeconds(2), Stop); // the first picture is what the others are held against: it has to have come to rest
        }
        while (before != await Picture());
        return before;
    }

    private Task<string> Becomes(string expected, int seed) =>
        Eventually.See($"with seed {seed}\n{expected}", async () => await Picture() is var picture && picture == expected ? picture : null, Picture, Stop);

    /// <summary>
    /// What came of the objects, without that which depends on the order by its nature: which address of its pool a service has that asks for none.
    /// </summary>
    private async Task<string> Picture()
    {
        var services = (await Get("/api/v1/namespaces/shop/services"))["items"]!.AsArray().Select(service => service!).ToList();
        var lines = services.Select(service => $"{Name(service)}: {Addresses(service)} {Conditions(service)}").ToList();
        foreach (var collection in Objects.Where(item => item.Collection.StartsWith(Ours, StringComparison.Ordinal)).Select(item => item.Collection).Distinct())
        {
            if (collection.EndsWith("claims", StringComparison.Ordinal)) continue;
            lines.AddRange((await Get(collection))["items"]!.AsArray().Select(item => $"{collection} {Name(item!)} {Conditions(item!)}"));
        }
        var shared = services.Where(service => Name(service) is "one" or "two").Select(service => Address(service)).Distinct().Count();
        return $"\n{string.Join('\n', lines.Order(StringComparer.Ordinal))}\none and two have {shared} address";
    }

    private static string Name(JsonNode item) => item["metadata"]!["name"]!.GetValue<string>();

    private static string Addresses(JsonNode service) => Name(service) is "by-address" or "reserved"
        ? Address(service)
        : string.Join(' ', (service["status"]?["loadBalancer"]?["ingress"]?.AsArray() ?? []).Select(entry => Prefix(entry!["ip"]!.GetValue<string>())));

    private static string Address(JsonNode service) => service["status"]?["loadBalancer"]?["ingress"]?[0]?["ip"]?.GetValue<string>() ?? "-";

    private static string Prefix(string ip) => ip[..(ip.LastIndexOfAny(['.', ':']))];

    private static string Conditions(JsonNode item) => string.Join(' ', (item["status"]?["conditions"]?.AsArray() ?? [])
        .Select(condition => $"{condition!["type"]}={condition["status"]}/{condition["reason"]}").Order(StringComparer.Ordinal)) is { Length: > 0 } text
            ? text
            : "-";

    private async Task<JsonNode> Get(string path) => JsonNode.Parse(await _http.GetStringAsync(new Uri(path, UriKind.Relative), Stop))!;

    private async Task Apply(string collection, string kind, string name, string body)
    {
        var version = collection.Split('/') is ["", "apis", var group, var number, ..] ? $"{group}/{number}" : "v1";
        var separate = body.Contains("metadata:", StringComparison.Ordinal) ? "" : "metadata: {}\n";
        var manifest =
            $"apiVersion: {version}\nkind: {kind}\n{separate}{body}\n".Replace("metadata: {", $"metadata: {{name: {name}, ", StringComparison.Ordinal);
        await Send(HttpMethod.Patch, $"{collection}/{name}?fieldManager=test&force=true", "application/apply-patch+yaml", manifest);
    }

    private Task Label(string path, string key, string? value) =>
        Send(HttpMethod.Patch, path, "application/merge-patch+json",
            new JsonObject { ["metadata"] = new JsonObject { ["labels"] = new JsonObject { [key] = value } } }.ToJsonString());

    private async Task Delete(string collection, string name)
    {
        using var response = await _http.DeleteAsync(new Uri($"{collection}/{name}", UriKind.Relative), Stop);
        Assert.True(response.IsSuccessStatusCode || response.StatusCode == System.Net.HttpStatusCode.NotFound, $"{collection}/{name}: {response.StatusCode}");
    }

    /// <summary>A service is gone once its addresses are withdrawn.</summary>
    private Task Gone(string collection, string name) => Eventually.See($"{name} is gone", async () =>
    {
        using var response = await _http.GetAsync(new Uri($"{collection}/{name}", UriKind.Relative), Stop);
        return response.StatusCode == System.Net.HttpStatusCode.NotFound ? "" : null;
    }, () => _http.GetStringAsync(new Uri($"{collection}/{name}", UriKind.Relative), Stop), Stop);

    private async Task Send(HttpMethod method, string path, string type, string text)
    {
        using var content = new StringContent(text, MediaTypeHeaderValue.Parse(type));
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        using var response = await _http.SendAsync(request, Stop);
        Assert.True(response.IsSuccessStatusCode, $"{path}: {await response.Content.ReadAsStringAsync(Stop)}\n{text}");
    }

    private static (string, string, string, string) Service(string name, string annotations, string spec = "ports: [{port: 80}]") =>
        ("/api/v1/namespaces/shop/services", "Service", name, $"metadata: {{annotations: {annotations}}}\nspec: {{type: LoadBalancer, {spec}}}");

    private static (string, string, string, string) Slice(string service, string node) => (Slices, "EndpointSlice", service,
        $"metadata: {{labels: {{kubernetes.io/service-name: {service}}}}}\naddressType: IPv4\nports: [{{port: 80}}]\nendpoints: [{{addresses: "
            + $"[10.1.1.1], nodeName: {node}}}]");
}
