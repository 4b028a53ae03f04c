using System.Globalization;
using OrleansLb.Api.Json;
using OrleansLb.Api.Tests.Fixtures;
using static OrleansLb.Api.Tests.Fixtures.Manifests;

namespace OrleansLb.Api.Tests.Rest;

public class ListTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Pages_show_one_moment_whatever_happens_meanwhile()
    {
        var path = await FilledAsync("a", "b", "c", "d", "e");
        var first = (await api.GetAsync($"{path}?limit=2")).Expect(200);
        await api.DeleteAsync($"{path}/c");
        await api.PostAsync(path, ConfigMap("bb"));
        var second = (await api.GetAsync($"{path}?limit=2&continue={Uri.EscapeDataString(first.At("metadata.continue").AsText()!)}")).Expect(200);
        var third = (await api.GetAsync($"{path}?limit=2&continue={Uri.EscapeDataString(second.At("metadata.continue").AsText()!)}")).Expect(200);
        Assert.Equal(["a", "b", "c", "d", "e"], new[] { first, second, third }.SelectMany(Names));
        Assert.Equal(first.Revision, third.Revision);
        Assert.Null(third.At("metadata.continue"));
    }

    [Theory]
    [InlineData("resourceVersionMatch=Exact", "resourceVersionMatch is forbidden unless resourceVersion is provided")]
    [InlineData("resourceVersionMatch=NotOlderThan&continue=e30=", "resourceVersionMatch is forbidden for continue")]
    [InlineData("resourceVersionMatch=Exact&resourceVersion=0", "forbidden for resourceVersion")]
    public async Task A_match_without_a_version_to_match_is_refused(string query, string reason)
    {
        var refused = (await api.GetAsync($"{await FilledAsync("a")}?{query}")).Expect(422);
        Assert.Equal(("Invalid", "resourceVersionMatch"), (refused.Reason, refused.At("details.causes.0.field").AsText()));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_continue_that_nobody_remembers_is_expired()
    {
        var path = await FilledAsync("a", "b");
        var token = Convert.ToBase64String("{\"v\":\"meta.k8s.io/v1\",\"rv\":7,\"ns\":\"x\",\"start\":\"a\"}"u8);
        Assert.Equal("Expired", (await api.GetAsync($"{path}?limit=1&continue={Uri.EscapeDataString(token)}")).Expect(410).Reason);
        (await api.GetAsync($"{path}?limit=1&continue=garbage!")).Expect(400);
    }

    [Fact]
    public async Task A_limit_is_ignored_where_the_answer_may_be_old()
    {
        var path = await FilledAsync("a", "b", "c");
        Assert.Equal(3, Names((await api.GetAsync($"{path}?limit=1&resourceVersion=0")).Expect(200)).Count());
    }

    [Fact]
    public async Task A_revision_of_the_future_times_out()
    {
        var future = (api.Server.Api.Store.Image.Revision + 1000).ToString(CultureInfo.InvariantCulture);
        var reply = (await api.GetAsync($"/api/v1/configmaps?resourceVersion={future}")).Expect(504);
        Assert.Equal("ResourceVersionTooLarge", reply.At("details.causes.0.reason").AsText());
        Assert.Equal(1, reply.At("details.retryAfterSeconds").AsWhole());
        (await api.GetAsync("/api/v1/configmaps?resourceVersion=abc")).Expect(400);
    }

    [Fact]
    public async Task Selectors_choose()
    {
        var path = await FilledAsync("a", "b");
        await api.PostAsync(path, ConfigMap("c", """{"x":"y"}"""));
        Assert.Equal(["c"], Names(await api.GetAsync($"{path}?labelSelector=x")));
        Assert.Equal(["b"], Names(await api.GetAsync($"{path}?fieldSelector=metadata.name%3Db")));
        Assert.Equal(["a", "c"], Names(await api.GetAsync($"{path}?fieldSelector=metadata.name!%3Db")));
        (await api.GetAsync($"{path}?fieldSelector=data.k%3Dv")).Expect(400);
        (await api.GetAsync($"{path}?labelSelector=%28")).Expect(400);
    }

    [Fact]
    public async Task Metadata_alone_can_be_had()
    {
        var path = await FilledAsync("a");
        var list = (await api.GetAsync(path, "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1")).Expect(200);
        Assert.Equal("PartialObjectMetadataList", list.Json.Text("kind"));
        Assert.Equal("a", list.At("items.0.metadata.name").AsText());
        Assert.Null(list.At("items.0.data"));
    }

    [Fact]
    public async Task Tables_have_columns_and_rows_with_metadata()
    {
        var path = await FilledAsync("a");
        var table = (await api.GetAsync(path,
            "application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json")).Expect(200);
        Assert.Equal("Table", table.Json.Text("kind"));
        Assert.Equal(["Name", "Data", "Age"], table.Json.Objects("columnDefinitions").Select(column => column.Text("name")!));
        Assert.Equal("a", table.At("rows.0.cells.0").AsText());
        Assert.Equal("1", table.At("rows.0.cells.1").AsText());
        Assert.Equal("PartialObjectMetadata", table.At("rows.0.object.kind").AsText());
    }

    [Fact]
    public async Task Events_have_two_forms_and_one_place()
    {
        var ns = await api.NamespaceAsync();
        (await api.PostAsync($"/apis/events.k8s.io/v1/namespaces/{ns}/events", $$$"""
            {"apiVersion":"events.k8s.io/v1","kind":"Event","metadata":{"name":"e1"},"eventTime":"2026-01-02T03:04:05.000006Z","reportingController":"orleanslb.io/test",
             "reportingInstance":"i","action":"Allocate","reason":"IPAllocated","type":"Normal","note":"hello","regarding":{"kind":"Service","namespace":"{{{ns}}}","name":"web","apiVersion":"v1"}}
            """)).Expect(201);
        var core = (await api.GetAsync($"/api/v1/namespaces/{ns}/events?fieldSelector=involvedObject.name%3Dweb,involvedObject.kind%3DService")).Expect(200);
        Assert.Equal("hello", core.At("items.0.message").AsText());
        Assert.Equal("v1", core.At("items.0.apiVersion").AsText());
        var newer = (await api.GetAsync($"/apis/events.k8s.io/v1/namespaces/{ns}/events?fieldSelector=regarding.name%3Dweb,reason%3DIPAllocated,type%3DNormal"))
            .Expect(200);
        Assert.Equal("hello", newer.At("items.0.note").AsText());
        Assert.Equal("web", newer.At("items.0.regarding.name").AsText());
        Assert.Empty((await api.GetAsync($"/api/v1/namespaces/{ns}/events?fieldSelector=involvedObject.name%3Dother")).Json.Objects("items"));
    }

    private static IEnumerable<string> Names(ApiReply list) => list.Json.Objects("items").Select(item => item.Object("metadata").Text("name")!);

    private async Task<string> FilledAsync(params string[] names)
    {
        var path = $"/api/v1/namespaces/{await api.NamespaceAsync()}/configmaps";
        foreach (var name in names) (await api.PostAsync(path, ConfigMap(name))).Expect(201);
        return path;
    }
}
