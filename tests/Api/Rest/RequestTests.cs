using OrleansLb.Api.Hosting;
using OrleansLb.Api.Json;
using OrleansLb.Api.Tests.Fixtures;
using static OrleansLb.Api.Tests.Fixtures.Manifests;

namespace OrleansLb.Api.Tests.Rest;

/// <summary>Requests that are wrong in themselves.</summary>
public class RequestTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string ConfigMaps = "/api/v1/namespaces/default/configmaps";

    [Theory]
    [InlineData("/")]
    [InlineData("/api/v2")]
    [InlineData("/api/v1/gadgets")]
    [InlineData("/apis/example.com/v1/things")]
    [InlineData("/api/v1/namespaces/default/configmaps/a/scale")]
    [InlineData("/api/v1/namespaces/default/nodes")]
    [InlineData("/api/v1/configmaps/a")]
    [InlineData("/api/v1//configmaps")]
    [InlineData("/openapi/v1")]
    [InlineData("/openapi/v3/apis/example.com/v1")]
    public async Task A_path_that_is_not_served_is_not_found(string path)
    {
        var reply = (await api.GetAsync(path)).Expect(404);
        Assert.Equal("Status", reply.Json.Text("kind"));
        Assert.Equal("NotFound", reply.Reason);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{} {}")]
    [InlineData("""{"apiVersion":"v1","metadata":{"name":"a"}}""")]
    [InlineData("""{"apiVersion":"v1","kind":"Secret","metadata":{"name":"a"}}""")]
    [InlineData("""{"apiVersion":"v2","kind":"ConfigMap","metadata":{"name":"a"}}""")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"},"data":{"k":1}}""")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","namespace":"other"}}""")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a","resourceVersion":"1"}}""")]
    [InlineData("""{"apiVersion":"v1","kind":"ConfigMap","metadata":"a"}""")]
    public async Task A_body_that_is_not_the_object_is_a_bad_request(string body) =>
        Assert.Equal("Status", (await api.PostAsync(ConfigMaps, body)).Expect(400).Json.Text("kind"));

    [Fact]
    public async Task Deep_nesting_is_refused_and_harms_nobody()
    {
        var body = string.Concat(Enumerable.Repeat("[", 100_000));
        (await api.PostAsync(ConfigMaps, body)).Expect(400);
        (await api.GetAsync("/readyz")).Expect(200);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    public async Task A_content_type_that_is_not_understood_is_said_so(string type) =>
        Assert.Equal("UnsupportedMediaType", (await api.SendAsync(HttpMethod.Post, ConfigMaps, ConfigMap("x"), type)).Expect(415).Reason);

    [Fact]
    public async Task Custom_resources_take_no_strategic_merge_patch() =>
        (await api.StrategicAsync("/apis/orleanslb.io/v1alpha1/addresspools/p", """{"spec":{}}""")).Expect(415);

    [Fact]
    public async Task A_body_beyond_three_mebibytes_is_too_large()
    {
        var body = ConfigMap("big").Replace("\"v\"", $"\"{new string('x', 3 * 1024 * 1024)}\"", StringComparison.Ordinal);
        Assert.Equal("RequestEntityTooLarge", (await api.PostAsync(ConfigMaps, body)).Expect(413).Reason);
    }

    [Fact]
    public async Task A_method_that_the_resource_has_not_is_not_allowed() =>
        (await api.PostAsync($"{ConfigMaps}/a", ConfigMap("a"))).Expect(405);

    [Fact]
    public async Task Only_json_can_be_given() => (await api.GetAsync(ConfigMaps, "application/vnd.kubernetes.protobuf")).Expect(406);

    [Fact]
    public async Task Yaml_is_taken_as_well_as_json() =>
        (await api.SendAsync(HttpMethod.Post, ConfigMaps, "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: from-yaml}\ndata: {k: 'yes'}\n",
            "application/yaml")).Expect(201);

    [Fact]
    public async Task Unknown_and_repeated_fields_are_judged_as_the_client_asks()
    {
        const string Body = """{"apiVersion":"v1","kind":"Service","metadata":{"name":"NAME"},"spec":{"ports":[{"port":80,"prot":"TCP"}],"typo":1,"type":"ClusterIP","type":"ClusterIP"}}""";
        var strict = (await api.PostAsync("/api/v1/namespaces/default/services?fieldValidation=Strict",
            Body.Replace("NAME", "strict", StringComparison.Ordinal))).Expect(400);
        Assert.Contains("strict decoding error: duplicate field \"spec.type\", unknown field \"spec.ports[0].prot\", unknown field \"spec.typo\"",
            strict.Message, StringComparison.Ordinal);
        var warned = (await api.PostAsync("/api/v1/namespaces/default/services", Body.Replace("NAME", "warned", StringComparison.Ordinal))).Expect(201);
        Assert.Contains(warned.Warnings, warning => warning.Contains("unknown field \\\"spec.typo\\\"", StringComparison.Ordinal));
        Assert.Null(warned.At("spec.typo"));
        Assert.Empty(
            (await api.PostAsync("/api/v1/namespaces/default/services?fieldValidation=Ignore", Body.Replace("NAME", "ignored", StringComparison.Ordinal)))
                .Expect(201).Warnings);
    }

    [Fact]
    public async Task A_port_that_is_taken_gives_one_clear_error()
    {
        var refused = await Assert.ThrowsAsync<IOException>(() =>
            EmbeddedApi.StartAsync(new() { Endpoint = new(System.Net.IPAddress.Loopback, api.Server.BaseAddress.Port) },
                TestContext.Current.CancellationToken));
        Assert.Contains($"cannot listen on 127.0.0.1:{api.Server.BaseAddress.Port}", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/healthz")]
    [InlineData("/readyz")]
    [InlineData("/livez")]
    public async Task Health_is_plain(string path) => Assert.Equal("ok", (await api.GetAsync(path)).Expect(200).Text);
}
