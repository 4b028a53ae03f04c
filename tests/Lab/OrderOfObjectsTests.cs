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
    private const int Seeds = 6;

    private const string Ours = "/apis/orleanslb.io/v1alpha1", MetalLb = "/apis/metallb.io/v1beta1/namespaces/metallb-system",
        OpenElb = "/apis/network.kubesphere.io/v1alpha2";
    private const string Slices = "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices";

    /// <summary>Path of the collection and the rest of the object; the kind and version follow from the path.</summary>
    private static readonly (string Collection, string Kind, string Name, string Body)[] Objects =
    [
        (Ours + "/addresspools", "AddressPool", "ours", "spec: {addresses: [192.168.0.210-192.168.0.219], autoAssign: false}"),
        (Ours + "/addresspools", "AddressPool", "shops", "spec: {addresses: [192.168.0.220-192.168.0.229], serviceAllocation: "
            + "{namespaceSelectors: [{matchLabels: {team: shop}}], enforced: true}, autoAssign: false}"),
        (Ours + "/l2advertisements", "L2Advertisement", "ours", "spec: {addressPools: [ours, shops], nodeSelectors: [{matchLabels: {rack: a}}]}"),
        (Ours + "/addressquotas", "AddressQuota", "shop", "spec: {addresses: 30, namespaces: [shop]}"),
        (Ours + "/addressclaims", "AddressClaim", "192.168.0.219", "spec: {address: 192.168.0.219, reservation: {namespace: shop, name: reserved}}"),
        (MetalLb + "/ipaddresspools", "IPAddressPool", "theirs", "spec: {addresses: [198.51.100.0/28], avoidBuggyIPs: true, autoAssign: false}"),
        (MetalLb + "/ipaddresspools", "IPAddressPool", "routed", "spec: {addresses: [203.0.113.0/24, '2001:db8:1::/64'], autoAssign: false}"),
        (MetalLb + "/l2advertisements", "L2Advertisement", "theirs", "spec: {ipAddressPools: [theirs]}"),
        (MetalLb + "/bgpadvertisements", "BGPAdvertisement", "routed",
            "spec: {ipAddressPools: [routed], communities: [vip], peers: [tor], aggregationLength: 24}"),
        (MetalLb + "/communities", "Community", "names", "spec: {communities: [{name: vip, value: '64500:7'}]}"),
        (MetalLb + "/bfdprofiles", "BFDProfile", "fast", "spec: {receiveInterval: 300}"),
        ("/apis/metallb.io/v1beta2/namespaces/metallb-system/bgppeers", "BGPPeer", "tor", "spec: {myASN: 64500, peerASN: 64501, peerAddress: 192.168.0.250, "
            + "bfdProfile: fast, passwordSecret: {name: tor}}"),
        ("/api/v1/namespaces/metallb-system/secrets", "Secret", "tor", "type: kubernetes.io/basic-auth\nstringData: {password: hush}"),
        (OpenElb + "/eips", "Eip", "eip", "metadata: {annotations: {eip.openelb.kubesphere.io/is-default-eip: 'true'}}\n"
            + "spec: {address: 192.168.0.230-192.168.0.239, protocol: layer2, interface: can_reach:192.168.0.1}"),
        (MetalLb + "/ipaddresspools", "IPAddressPool", "wrong", "spec: {addresses: [10.0.0.9-10.0.0.1, 10.0.0.0/33]}"),
        Service("by-pool", "{orleanslb.io/address-pool: ours}"),
        Service("by-address", "{orleanslb.io/addresses: 192.168.0.218}"),
        Service("reserved", "{orleanslb.io/addresses: 192.168.0.219}"),
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

    /// <summary>What comes of them. <c>theirs</c> and <c>routed</c> are in no subnet of the node's, and nobody is at the peer's address.</summary>
    private const string Expected = """
        /apis/orleanslb.io/v1alpha1/addresspools ours Accepted=True/ConfigurationAccepted Ready=True/ConfigurationAccepted
        /apis/orleanslb.io/v1alpha1/addresspools shops Accepted=True/ConfigurationAccepted Ready=True/ConfigurationAccepted
        /apis/orleanslb.io/v1alpha1/addressquotas shop Accepted=True/ConfigurationAccepted
        /apis/orleanslb.io/v1alpha1/l2advertisements ours Accepted=True/ConfigurationAccepted
        astray: 192.168.0 AddressAssigned=True/AddressAssigned Announced=False/NoLocalEndpoint
        avoided:  AddressAssigned=False/AddressNotInPool Announced=False/NoAddress
        by-address: 192.168.0.218 AddressAssigned=True/AddressAssigned Announced=True/Announced
        by-pool: 192.168.0 AddressAssigned=True/AddressAssigned Announced=True/Announced
        default-eip: 192.168.0 AddressAssigned=True/AddressAssigned Announced=True/Announced
        elb: 192.168.0 AddressAssigned=True/AddressAssigned Announced=True/Announced
        local: 192.168.0 AddressAssigned=True/AddressAssigned Announced=True/Announced
        nowhere:  AddressAssigned=False/PoolNotFound Announced=False/NoAddress
        one: 198.51.100 AddressAssigned=True/AddressAssigned Announced=False/NoInterface
        reserved: 192.168.0.219 AddressAssigned=True/AddressAssigned Announced=True/Announced
        routed: 203.0.113 2001:db8:1: AddressAssigned=True/AddressAssigned Announced=True/Announced
        team: 192.168.0 AddressAssigned=True/AddressAssigned Announced=True/Announced
        two: 198.51.100 AddressAssigned=True/AddressAssigned Announced=False/NoInterface
        one and two have 1 address
        """;

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
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var random = new Random(seed);
            await Make(random);
            await Eventually.See($"with seed {seed}\n{Expected}", async () => await Picture() == Expected ? Expected : null, Picture, Stop,
                TimeSpan.FromSeconds(60));
            await Clear(random);
        }
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
        return $"{string.Join('\n', lines.Order(StringComparer.Ordinal))}\none and two have {shared} address";
    }

    private static string Name(JsonNode item) => item["metadata"]!["name"]!.GetValue<string>();

    private static string Addresses(JsonNode service) => Name(service) is "by-address" or "reserved"
        ? Address(service)
        : string.Join(' ', (service["status"]?["loadBalancer"]?["ingress"]?.AsArray() ?? []).Select(entry => Prefix(entry!["ip"]!.GetValue<string>())));

    private static string Address(JsonNode service) => service["status"]?["loadBalancer"]?["ingress"]?[0]?["ip"]?.GetValue<string>() ?? "-";

    private static string Prefix(string ip) => ip[..(ip.LastIndexOfAny(['.', ':']))];

    private static string Conditions(JsonNode item) => string.Join(' ', (item["status"]?["conditions"]?.AsArray() ?? [])
        .Select(condition => $"{condition!["type"]}={condition["status"]}/{condition["reason"]}".Replace("orleanslb.io/", "", StringComparison.Ordinal))
        .Select(text => text.Replace("AddressAdopted", "AddressAssigned", StringComparison.Ordinal)) // which of the two is a matter of history
       .Order(StringComparer.Ordinal)) is { Length: > 0 } text
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

    /// <summary>A service is gone once its addresses are withdrawn. The claim of an address that is held is made again at once by who holds it.</summary>
    private Task Gone(string collection, string name) =>
        collection.EndsWith("claims", StringComparison.Ordinal) ? Task.CompletedTask : Eventually.See($"{name} is gone", async () =>
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
