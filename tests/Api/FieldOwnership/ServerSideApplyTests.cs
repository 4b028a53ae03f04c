using OrleansLb.Api.Json;
using OrleansLb.Api.Tests.Fixtures;
using static OrleansLb.Api.Tests.Fixtures.Manifests;

namespace OrleansLb.Api.Tests.FieldOwnership;

public class ServerSideApplyTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Applying_creates_and_applying_again_changes_nothing()
    {
        var path = await ConfigMapAsync();
        var made = (await api.ApplyAsync(path, Data("a: '1'"), "one")).Expect(201);
        var again = (await api.ApplyAsync(path, Data("a: '1'"), "one")).Expect(200);
        Assert.Equal(made.Revision, again.Revision);
    }

    [Fact]
    public async Task A_field_that_is_no_longer_applied_is_removed()
    {
        var path = await ConfigMapAsync();
        await api.ApplyAsync(path, Data("a: '1', b: '2'"), "one");
        Assert.Equal("""{"a":"1"}""", (await api.ApplyAsync(path, Data("a: '1'"), "one")).Expect(200).At("data")!.ToJsonString());
    }

    [Fact]
    public async Task A_field_with_another_owner_stays_when_one_lets_go()
    {
        var path = await ConfigMapAsync();
        await api.ApplyAsync(path, Data("a: '1', b: '2'"), "one");
        await api.ApplyAsync(path, Data("b: '2'"), "two");
        Assert.Equal("""{"a":"1","b":"2"}""", (await api.ApplyAsync(path, Data("a: '1'"), "one")).Expect(200).At("data")!.ToJsonString());
        Assert.Equal("""{"a":"1"}""", (await api.ApplyAsync(path, Data("c: null"), "two")).Expect(200).At("data")!.ToJsonString());
    }

    [Fact]
    public async Task Another_value_for_an_owned_field_is_a_conflict_that_force_overrides()
    {
        var path = await ConfigMapAsync();
        await api.ApplyAsync(path, Data("a: '1'"), "one");
        var refused = (await api.ApplyAsync(path, Data("a: '2'"), "two")).Expect(409);
        Assert.Equal(("Conflict", "FieldManagerConflict", ".data.a"),
            (refused.Reason, refused.At("details.causes.0.reason").AsText(), refused.At("details.causes.0.field").AsText()));
        Assert.Contains("conflict with \"one\": .data.a", refused.Message, StringComparison.Ordinal);
        Assert.Equal("2", (await api.ApplyAsync(path, Data("a: '2'"), "two", force: true)).Expect(200).At("data.a").AsText());
        Assert.DoesNotContain("one", Managers(await api.GetAsync(path)));
    }

    [Fact]
    public async Task An_update_takes_ownership_of_what_it_changes()
    {
        var path = await ConfigMapAsync();
        await api.ApplyAsync(path, Data("a: '1', b: '1'"), "one");
        (await api.MergeAsync($"{path}?fieldManager=editor", """{"data":{"a":"2"}}""")).Expect(200);
        Assert.Contains("conflict with \"editor\" using v1: .data.a", (await api.ApplyAsync(path, Data("a: '1', b: '1'"), "one")).Expect(409).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Items_of_keyed_lists_are_owned_one_by_one()
    {
        var path = $"/api/v1/namespaces/{await api.NamespaceAsync()}/services/s";
        const string Head = """{"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"ports":[""";
        (await api.ApplyAsync(path, Head + """{"name":"a","port":80}]}}""", "one")).Expect(201);
        var both = (await api.ApplyAsync(path, Head + """{"name":"b","port":81}]}}""", "two")).Expect(200);
        Assert.Equal([80, 81], both.Json.Object("spec").Objects("ports").Select(port => (int)port.Whole("port")!));
        var left = (await api.ApplyAsync(path, Head + """{"name":"c","port":82}]}}""", "one")).Expect(200);
        Assert.Equal([81, 82], left.Json.Object("spec").Objects("ports").Select(port => (int)port.Whole("port")!));
    }

    [Fact]
    public async Task Status_is_applied_apart_from_the_spec()
    {
        const string Pools = "/apis/orleanslb.io/v1alpha1/addresspools";
        await api.PostAsync(Pools, Pool("applied"));
        var applied = (await api.ApplyAsync($"{Pools}/applied/status", """{"apiVersion":"orleanslb.io/v1alpha1","kind":"AddressPool","metadata":{"name":"applied"},"spec":{"addresses":["203.0.113.0/24"]},"status":{"assignedIPv4":1}}""", "ctl")).Expect(200);
        Assert.Equal(("192.0.2.0/28", 1L), (applied.At("spec.addresses.0").AsText(), applied.At("status.assignedIPv4").AsWhole()));
        var entry = applied.Json.Object("metadata").Objects("managedFields").Single(manager => manager.Text("manager") == "ctl");
        Assert.Equal(("Apply", "status"), (entry.Text("operation"), entry.Text("subresource")));
        (await api.ApplyAsync($"{Pools}/missing/status", """{"apiVersion":"orleanslb.io/v1alpha1","kind":"AddressPool","metadata":{"name":"missing"}}""", "ctl")).Expect(404);
    }

    [Fact]
    public async Task An_apply_needs_a_manager_and_an_object_of_the_kind()
    {
        var path = await ConfigMapAsync();
        Assert.Contains("fieldManager: Required value",
            (await api.SendAsync(HttpMethod.Patch, path, Data("a: '1'"), "application/apply-patch+yaml")).Expect(422).Message, StringComparison.Ordinal);
        (await api.ApplyAsync(path, "{a: b", "one")).Expect(400);
        (await api.ApplyAsync(path, "{apiVersion: v1, kind: Secret, metadata: {name: c}}", "one")).Expect(400);
        (await api.ApplyAsync(path, "{apiVersion: v1, kind: ConfigMap, metadata: {name: c, managedFields: []}}", "one")).Expect(400);
    }

    [Fact]
    public async Task A_client_may_clear_the_record()
    {
        var path = await ConfigMapAsync();
        await api.ApplyAsync(path, Data("a: '1'"), "one");
        (await api.MergeAsync(path, """{"metadata":{"managedFields":[{}]}}""")).Expect(200);
        Assert.DoesNotContain("one", Managers(await api.GetAsync(path)));
    }

    private static string Data(string members) => $"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: c}}, data: {{{members}}}}}";

    private static List<string> Managers(ApiReply reply) => [.. reply.Json.Object("metadata").Objects("managedFields").Select(entry => entry.Text("manager")!)];

    private async Task<string> ConfigMapAsync() => $"/api/v1/namespaces/{await api.NamespaceAsync()}/configmaps/c";
}
