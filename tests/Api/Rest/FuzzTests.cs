using System.Text.Json.Nodes;
using OrleansLb.Api.Tests.Fixtures;

namespace OrleansLb.Api.Tests.Rest;

/// <summary>Whatever is sent, the answer is a refusal or a success, never a failure of the server.</summary>
public sealed class FuzzTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const int Rounds = 400;

    private static readonly string[] Values =
        ["null", "true", "-1", "0", "1.5", "1e400", "99999999999999999999", "\"\"", "\"x\"", "\"\\ud800\"", "[]", "{}", "[null]", "[[]]", "[{}]",
            "{\"a\":null}", "{\"\":{}}", "[1,\"a\",{}]", "\"None\"", "\"::\""];

    public static TheoryData<string, string> Targets => new()
    {
        { "/api/v1/namespaces/default/services", """{"apiVersion":"v1","kind":"Service","metadata":{"name":"NAME","labels":{"a":"b"},"finalizers":["x/y"],"ownerReferences":[{"apiVersion":"v1","kind":"Node","name":"n","uid":"u"}]},"spec":{"type":"LoadBalancer","clusterIP":"","clusterIPs":[],"ipFamilies":["IPv4"],"ipFamilyPolicy":"PreferDualStack","ports":[{"name":"a","port":80,"targetPort":80,"nodePort":0,"protocol":"TCP"}],"selector":{"a":"b"},"sessionAffinityConfig":{"clientIP":{"timeoutSeconds":5}},"loadBalancerSourceRanges":["10.0.0.0/8"],"externalIPs":["192.0.2.1"]},"status":{"loadBalancer":{"ingress":[{"ip":"192.0.2.1"}]}}}""" },
        { "/apis/orleanslb.io/v1alpha1/bgppeers", """{"apiVersion":"orleanslb.io/v1alpha1","kind":"BGPPeer","metadata":{"name":"NAME"},"spec":{"myASN":64512,"peerASN":64513,"peerAddress":"192.0.2.1","nodeSelectors":[{"matchLabels":{"a":"b"},"matchExpressions":[{"key":"a","operator":"In","values":["b"]}]}],"passwordSecret":{"name":"s"}}}""" },
        { "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", """{"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"things.fuzz.example"},"spec":{"group":"fuzz.example","scope":"Cluster","names":{"plural":"things","kind":"Thing"},"versions":[{"name":"v1","served":true,"storage":true,"additionalPrinterColumns":[{"name":"A","type":"string","jsonPath":".spec.a"}],"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"a":{"type":"string","pattern":"^a","x-kubernetes-validations":[{"rule":"size(self) > 1"}]}}}}}}}]}}""" },
        { "/apis/events.k8s.io/v1/namespaces/default/events", """{"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"NAME"},"eventTime":"2026-01-02T03:04:05.000006Z","reportingController":"a/b","reportingInstance":"i","action":"A","reason":"R","type":"Normal","note":"n","regarding":{"kind":"Service","namespace":"default","name":"w"}}""" },
        { "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices", """{"apiVersion":"discovery.k8s.io/v1","kind":"EndpointSlice","metadata":{"name":"NAME"},"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"],"conditions":{"ready":true}}],"ports":[{"port":80}]}""" },
    };

    [Theory, MemberData(nameof(Targets))]
    public async Task A_body_with_anything_anywhere_is_answered(string path, string template)
    {
        var random = new Random(template.Length);
        for (var round = 0; round < Rounds; round++)
        {
            var tree = JsonNode.Parse(template.Replace("NAME", $"f{round}", StringComparison.Ordinal))!;
            var places = Places(tree).ToList();
            var (parent, name) = places[random.Next(places.Count)];
            var body = Put(tree, parent, name, Values[random.Next(Values.Length)]);
            var created = await api.PostAsync(path, body);
            Assert.True(created.Code is >= 200 and < 500, $"{created.Code} for {body}: {created.Text}");
            var read = await api.GetAsync(path, round % 2 == 0 ? "application/json;as=Table;v=v1;g=meta.k8s.io" : "application/json");
            Assert.True(read.Code is 200 or 404, $"{read.Code} after {body}: {read.Text}");
        }
    }

    [Theory]
    [InlineData("application/merge-patch+json")]
    [InlineData("application/strategic-merge-patch+json")]
    [InlineData("application/apply-patch+yaml")]
    [InlineData("application/json-patch+json")]
    public async Task A_patch_with_anything_anywhere_is_answered(string type)
    {
        var ns = await api.NamespaceAsync();
        var path = $"/api/v1/namespaces/{ns}/services/s";
        var random = new Random(type.Length);
        for (var round = 0; round < Rounds; round++)
        {
            var tree = type == "application/json-patch+json"
                ? JsonNode.Parse("""[{"op":"add","path":"/spec/ports/-","value":{"port":80}},{"op":"copy","from":"/spec","path":"/spec/selector"},{"op":"remove","path":"/metadata/labels"}]""")!
                : JsonNode.Parse("""{"apiVersion":"v1","kind":"Service","metadata":{"name":"s","labels":{"a":"b"},"finalizers":[]},"spec":{"type":"LoadBalancer","$setElementOrder/ports":[{"port":80}],"ports":[{"name":"a","port":80,"$patch":"merge"}],"selector":{"a":"b"}}}""")!;
            var places = Places(tree).ToList();
            var (parent, name) = places[random.Next(places.Count)];
            var body = Put(tree, parent, name, Values[random.Next(Values.Length)]);
            await api.PostAsync($"/api/v1/namespaces/{ns}/services", Manifests.Service("s", """{"ports":[{"port":80}]}"""));
            var reply = await api.SendAsync(HttpMethod.Patch, $"{path}?fieldManager=f&force=true", body, type);
            Assert.True(reply.Code is >= 200 and < 500, $"{reply.Code} for {body}: {reply.Text}");
        }
    }

    [Fact]
    public async Task A_patch_cannot_nest_an_object_without_end()
    {
        var ns = await api.NamespaceAsync();
        await api.PostAsync($"/api/v1/namespaces/{ns}/configmaps", Manifests.ConfigMap("deep"));
        var operations = Enumerable.Range(0, 300).Select(level => $$$"""{"op":"add","path":"{{{string.Concat(Enumerable.Repeat("/a", level + 1))}}}","value":{}}""");
        var refused = (await api.JsonPatchAsync($"/api/v1/namespaces/{ns}/configmaps/deep", $"[{string.Join(',', operations)}]")).Expect(422);
        Assert.Contains("levels are the most", refused.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(JsonNode Parent, string Name)> Places(JsonNode? node) => node switch
    {
        JsonObject map => map.SelectMany(member => Places(member.Value).Prepend((map, member.Key))),
        JsonArray list => list.SelectMany((item, index) => Places(item).Prepend((list, $"{index}"))),
        _ => [],
    };

    /// <summary>The text of the tree with a raw value at one place: what is no JSON can be put there too.</summary>
    private static string Put(JsonNode tree, JsonNode parent, string name, string value)
    {
        const string Mark = "@@@";
        if (parent is JsonObject map) map[name] = Mark;
        else parent.AsArray()[int.Parse(name, System.Globalization.CultureInfo.InvariantCulture)] = Mark;
        return tree.ToJsonString().Replace($"\"{Mark}\"", value, StringComparison.Ordinal);
    }
}
