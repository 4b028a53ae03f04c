using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Tests.Fixtures;
using static OrleansLb.Api.Tests.Fixtures.Manifests;

namespace OrleansLb.Api.Tests.Definitions;

public sealed class CustomResourceTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Pools = "/apis/orleanslb.io/v1alpha1/addresspools";
    private const string Definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    [Fact]
    public async Task The_kinds_of_this_program_and_its_rivals_are_served_from_the_start()
    {
        var groups = (await api.GetAsync("/apis")).Expect(200).Json.Objects("groups").Select(group => group.Text("name")).ToList();
        Assert.Contains("orleanslb.io", groups);
        Assert.Contains("metallb.io", groups);
        Assert.Contains("network.kubesphere.io", groups);
        foreach (var path in (string[])["metallb.io/v1beta1/ipaddresspools", "metallb.io/v1beta1/bgppeers", "metallb.io/v1beta2/bgppeers",
            "network.kubesphere.io/v1alpha1/eips", "network.kubesphere.io/v1alpha2/bgpconfs", "orleanslb.io/v1alpha1/addressclaims"])
            (await api.GetAsync($"/apis/{path}")).Expect(200);
    }

    [Fact]
    public async Task Generation_counts_the_spec_and_not_the_status()
    {
        var made = (await api.PostAsync(Pools, Pool("gen"))).Expect(201);
        Assert.Equal(1, made.At("metadata.generation").AsWhole());
        Assert.True(made.Json.Object("spec").Flag("autoAssign"));
        Assert.Equal(2, (await api.MergeAsync($"{Pools}/gen", """{"spec":{"autoAssign":false},"status":{"assignedIPv4":9}}""")).Expect(200).At("metadata.generation").AsWhole());
        var status = (await api.MergeAsync($"{Pools}/gen/status", """{"spec":{"autoAssign":true},"metadata":{"labels":{"a":"b"}},"status":{"assignedIPv4":3}}""")).Expect(200);
        Assert.Equal((2L, 3L), (status.At("metadata.generation").AsWhole(), status.At("status.assignedIPv4").AsWhole()));
        Assert.False(status.Json.Object("spec").Flag("autoAssign"));
        Assert.Null(status.At("metadata.labels"));
        Assert.Equal(2, (await api.MergeAsync($"{Pools}/gen", """{"metadata":{"labels":{"a":"b"}}}""")).Expect(200).At("metadata.generation").AsWhole());
    }

    [Fact]
    public async Task The_schema_is_held_with_field_paths()
    {
        var refused = (await api.PostAsync(Pools, Pool("bad", """{"addresses":[],"serviceAllocation":{"priority":"high","namespaces":[1]}}"""))).Expect(422);
        Assert.Equal(["spec.addresses", "spec.serviceAllocation.priority", "spec.serviceAllocation.namespaces[0]"],
            refused.Json.Object("details").Objects("causes").Select(cause => cause.Text("field")!));
        Assert.StartsWith("AddressPool.orleanslb.io \"bad\" is invalid: [", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_replacement_must_say_what_it_replaces()
    {
        await api.PostAsync(Pools, Pool("put"));
        Assert.Contains("metadata.resourceVersion: Invalid value: 0: must be specified for an update",
            (await api.PutAsync($"{Pools}/put", Pool("put"))).Expect(422).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_of_the_schema_are_evaluated()
    {
        var refused = (await api.PostAsync("/apis/orleanslb.io/v1alpha1/bgppeers", """
            {"apiVersion":"orleanslb.io/v1alpha1","kind":"BGPPeer","metadata":{"name":"p"},"spec":{"myASN":64512,"peerASN":64513,"dynamicASN":"internal","peerAddress":"192.0.2.1"}}
            """)).Expect(422);
        Assert.Contains("give either peerASN or dynamicASN", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"addresses":["192.0.2.0/28","192.0.2.30 - 192.0.2.40","192.0.2.50","2001:db8::/64","192.0.2.64/255.255.255.240"]}""", "")]
    [InlineData("""{"addresses":["192.0.2.1 to 192.0.2.9"]}""", "write addresses as 192.0.2.0/28")]
    [InlineData("""{"addresses":["192.0.2.1"],"serviceAllocation":{"enforced":true}}""", "enforced makes a boundary")]
    [InlineData("""{"addresses":["192.0.2.1"],"serviceAllocation":{"enforced":true,"namespaces":["web"]}}""", "")]
    public async Task A_pool_is_held_to_its_rules(string spec, string refusal) =>
        Judge(await api.PostAsync($"{Pools}?dryRun=All", Pool("ruled", spec)), refusal);

    [Theory]
    [InlineData("192.0.2.77", "192.0.2.77", "")]
    [InlineData("printer", "192.0.2.1", "a claim bears the name of its address")]
    [InlineData("2001-db8-0-0-0-0-0-10", "2001:db8::10", "")]
    [InlineData("2001-db8--10", "2001:db8::10", "a claim bears the name of its address")]
    public async Task A_claim_bears_the_name_of_its_address(string name, string address, string refusal) => Judge(
        await api.PostAsync("/apis/orleanslb.io/v1alpha1/addressclaims?dryRun=All", $$"""{"apiVersion":"orleanslb.io/v1alpha1","kind":"AddressClaim","metadata":{"name":"{{name}}"},"spec":{"reservation":{},"address":"{{address}}"} }"""), refusal);

    private static void Judge(ApiReply reply, string refusal)
    {
        if (refusal.Length == 0) reply.Expect(201);
        else Assert.Contains(refusal, reply.Expect(422).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_object_is_shown_in_every_version_that_is_served()
    {
        (await api.PostAsync("/apis/network.kubesphere.io/v1alpha1/eips", """
            {"apiVersion":"network.kubesphere.io/v1alpha1","kind":"Eip","metadata":{"name":"e"},"spec":{"address":"192.0.2.1-192.0.2.9"}}
            """)).Expect(201);
        var read = (await api.GetAsync("/apis/network.kubesphere.io/v1alpha2/eips/e")).Expect(200);
        Assert.Equal("network.kubesphere.io/v1alpha2", read.Json.Text("apiVersion"));
        Assert.Equal("bgp", read.At("spec.protocol").AsText());
    }

    [Fact]
    public async Task A_definition_is_served_at_once_and_gone_with_its_objects()
    {
        (await api.PostAsync(Definitions, Definition("widgets", "Widget",
            "{type: object, properties: {spec: {type: object, properties: {size: {type: integer, default: 1}}}}}"))).Expect(201);
        const string Widgets = "/apis/example.com/v1/namespaces/default/widgets";
        var made = (await api.PostAsync(Widgets, """{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w"},"spec":{"junk":1}}""")).Expect(201);
        Assert.Equal("""{"size":1}""", made.At("spec")!.ToJsonString());
        Assert.Contains(made.Warnings, warning => warning.Contains("unknown field", StringComparison.Ordinal));
        Assert.Contains("apis/example.com/v1", (await api.GetAsync("/openapi/v3")).Text, StringComparison.Ordinal);
        (await api.DeleteAsync($"{Definitions}/widgets.example.com")).Expect(200);
        (await api.GetAsync(Widgets)).Expect(404);
        (await api.PostAsync(Definitions, Definition("widgets", "Widget", "{type: object}"))).Expect(201);
        Assert.Empty((await api.GetAsync(Widgets)).Expect(200).Json.Objects("items"));
    }

    [Theory]
    [InlineData("{type: object, properties: {a: {}}}", "properties[a].type: Required value")]
    [InlineData("{type: string}", "must be object at the root")]
    [InlineData("{type: object, properties: {a: {type: array}}}", "properties[a].items: Required value")]
    [InlineData("{type: object, properties: {a: {type: string, pattern: '['}}}", "openAPIV3Schema: Invalid value")]
    [InlineData("{type: object, properties: {a: {type: string, x-kubernetes-validations: [{rule: 'self.'}]}}}",
        "x-kubernetes-validations[0].rule: Invalid value")]
    public async Task A_schema_that_is_not_structural_is_refused(string schema, string expected) =>
        Assert.Contains(expected, (await api.PostAsync(Definitions, Definition("gadgets", "Gadget", schema))).Expect(422).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_definition_is_established()
    {
        var conditions = (await api.GetAsync($"{Definitions}/addresspools.orleanslb.io")).Expect(200).Json.Object("status").Objects("conditions");
        Assert.Contains(conditions, condition => condition.Text("type") == "Established" && condition.Text("status") == "True");
    }

    [Fact]
    public async Task Faults_that_an_update_does_not_touch_stay_accepted()
    {
        (await api.PostAsync(Definitions,
            Definition("old", "Old", "{type: object, properties: {spec: {type: object, properties: {a: {type: string}, b: {type: string}}}}}"))).Expect(201);
        const string Path = "/apis/example.com/v1/namespaces/default/old";
        (await api.PostAsync(Path, """{"apiVersion":"example.com/v1","kind":"Old","metadata":{"name":"o"},"spec":{"a":"long","b":"x"}}""")).Expect(201);
        (await api.MergeAsync($"{Definitions}/old.example.com", """{"spec":{"versions":[{"name":"v1","served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object","properties":{"a":{"type":"string","maxLength":2},"b":{"type":"string"}}}}}}}]}}""")).Expect(200);
        (await api.MergeAsync($"{Path}/o", """{"spec":{"b":"y"}}""")).Expect(200);
        (await api.MergeAsync($"{Path}/o", """{"spec":{"a":"longer"}}""")).Expect(422);
    }

    [Fact]
    public async Task The_claim_of_an_address_is_made_once()
    {
        const string Claims = "/apis/orleanslb.io/v1alpha1/addressclaims";
        const string Claim = """{"apiVersion":"orleanslb.io/v1alpha1","kind":"AddressClaim","metadata":{"name":"192.0.2.1"},"spec":{"address":"192.0.2.1","pool":"p","holders":[{"namespace":"a","name":"b","uid":"u"}]}}""";
        var replies = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => api.PostAsync(Claims, Claim)));
        Assert.Equal(1, replies.Count(reply => reply.Code == 201));
        Assert.Equal(7, replies.Count(reply => reply is { Code: 409, Reason: "AlreadyExists" }));
    }

    private static string Definition(string plural, string kind, string schema) => new JsonObject
    {
        ["apiVersion"] = "apiextensions.k8s.io/v1",
        ["kind"] = "CustomResourceDefinition",
        ["metadata"] = new JsonObject { ["name"] = $"{plural}.example.com" },
        ["spec"] = new JsonObject
        {
            ["group"] = "example.com",
            ["scope"] = "Namespaced",
            ["names"] = new JsonObject { ["plural"] = plural, ["kind"] = kind },
            ["versions"] = new JsonArray(new JsonObject
            {
                ["name"] = "v1",
                ["served"] = true,
                ["storage"] = true,
                ["schema"] = new JsonObject { ["openAPIV3Schema"] = YamlText.ParseAll(schema).Single() },
            }),
        },
    }.ToJsonString();
}
