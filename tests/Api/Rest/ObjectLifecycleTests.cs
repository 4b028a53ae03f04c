using System.Text.Json.Nodes;
using OrleansLb.Api.Json;
using OrleansLb.Api.Tests.Fixtures;
using static OrleansLb.Api.Tests.Fixtures.Manifests;

namespace OrleansLb.Api.Tests.Rest;

public class ObjectLifecycleTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task A_created_object_is_named_stamped_and_read_back()
    {
        var path = await ConfigMapsAsync();
        var created = (await api.PostAsync(path, ConfigMap("a"))).Expect(201);
        Assert.Equal(36, created.At("metadata.uid").AsText()!.Length);
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$", created.At("metadata.creationTimestamp").AsText());
        Assert.Equal(created.Text, (await api.GetAsync($"{path}/a")).Expect(200).Text);
    }

    [Fact]
    public async Task A_second_object_of_the_name_is_refused()
    {
        var path = await ConfigMapsAsync();
        await api.PostAsync(path, ConfigMap("a"));
        var refused = (await api.PostAsync(path, ConfigMap("a"))).Expect(409);
        Assert.Equal("AlreadyExists", refused.Reason);
        Assert.Equal("configmaps \"a\" already exists", refused.Message);
    }

    [Fact]
    public async Task GenerateName_makes_names_that_differ()
    {
        var path = await ConfigMapsAsync();
        const string Body = """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"x-"}}""";
        var names = new[] { (await api.PostAsync(path, Body)).Expect(201),
            (await api.PostAsync(path, Body)).Expect(201) }.Select(reply => reply.At("metadata.name").AsText()!).ToList();
        Assert.All(names, name => Assert.Matches("^x-[a-z0-9]{5}$", name));
        Assert.NotEqual(names[0], names[1]);
    }

    [Fact]
    public async Task An_update_from_an_old_revision_is_a_conflict()
    {
        var path = await ConfigMapsAsync();
        var created = (await api.PostAsync(path, ConfigMap("a"))).Expect(201);
        (await api.MergeAsync($"{path}/a", """{"data":{"k":"2"}}""")).Expect(200);
        var stale = created.Json;
        stale.Ensure("data")["k"] = "3";
        var refused = (await api.PutAsync($"{path}/a", stale.ToJsonString())).Expect(409);
        Assert.Equal("Conflict", refused.Reason);
        Assert.Contains("the object has been modified", refused.Message, StringComparison.Ordinal);
        (await api.MergeAsync($"{path}/a", $$$"""{"metadata":{"resourceVersion":"{{{created.Revision}}}"},"data":{"k":"4"}}""")).Expect(409);
    }

    [Fact]
    public async Task A_write_that_changes_nothing_keeps_the_revision()
    {
        var path = await ConfigMapsAsync();
        var created = (await api.PostAsync(path, ConfigMap("a"))).Expect(201);
        Assert.Equal(created.Revision, (await api.MergeAsync($"{path}/a", """{"data":{"k":"v"},"metadata":{"labels":{}}}""")).Expect(200).Revision);
        Assert.Equal(created.Revision, (await api.PutAsync($"{path}/a", created.Text)).Expect(200).Revision);
    }

    [Fact]
    public async Task Server_fields_stay_what_they_are()
    {
        var path = await ConfigMapsAsync();
        var created = (await api.PostAsync(path, ConfigMap("a"))).Expect(201);
        var patched = (await api.MergeAsync($"{path}/a", """{"metadata":{"creationTimestamp":"2001-01-01T00:00:00Z","deletionTimestamp":"2001-01-01T00:00:00Z"},"data":{"k":"2"}}""")).Expect(200);
        Assert.Equal(created.At("metadata.creationTimestamp").AsText(), patched.At("metadata.creationTimestamp").AsText());
        Assert.Null(patched.At("metadata.deletionTimestamp"));
        (await api.MergeAsync($"{path}/a", """{"metadata":{"uid":"another"}}""")).Expect(409);
        (await api.MergeAsync($"{path}/a", """{"metadata":{"name":"b"}}""")).Expect(400);
    }

    [Fact]
    public async Task Finalizers_hold_a_deleted_object_until_the_last_is_gone()
    {
        var path = await ConfigMapsAsync();
        await api.PostAsync(path, ConfigMap("a", metadata: ""","finalizers":["example.com/one","example.com/two"]"""));
        var marked = (await api.DeleteAsync($"{path}/a")).Expect(200);
        Assert.NotNull(marked.At("metadata.deletionTimestamp"));
        (await api.MergeAsync($"{path}/a", """{"metadata":{"finalizers":["example.com/two"]}}""")).Expect(200);
        (await api.GetAsync($"{path}/a")).Expect(200);
        (await api.JsonPatchAsync($"{path}/a", """[{"op":"remove","path":"/metadata/finalizers/0"}]""")).Expect(200);
        Assert.Equal("NotFound", (await api.GetAsync($"{path}/a")).Expect(404).Reason);
    }

    [Fact]
    public async Task Preconditions_guard_a_deletion()
    {
        var path = await ConfigMapsAsync();
        var created = (await api.PostAsync(path, ConfigMap("a"))).Expect(201);
        (await api.DeleteAsync($"{path}/a", """{"kind":"DeleteOptions","apiVersion":"v1","preconditions":{"uid":"another"}}""")).Expect(409);
        (await api.DeleteAsync($"{path}/a", """{"preconditions":{"resourceVersion":"1"}}""")).Expect(409);
        var gone = (await api.DeleteAsync($"{path}/a", $$$"""{"preconditions":{"uid":"{{{created.At("metadata.uid").AsText()}}}"}}""")).Expect(200);
        Assert.Equal("Success", gone.Json.Text("status"));
    }

    [Fact]
    public async Task A_collection_is_deleted_by_its_labels()
    {
        var path = await ConfigMapsAsync();
        await api.PostAsync(path, ConfigMap("a", """{"x":"1"}"""));
        await api.PostAsync(path, ConfigMap("b", """{"x":"2"}"""));
        (await api.DeleteAsync($"{path}?labelSelector=x%3D1")).Expect(200);
        Assert.Equal(["b"], await NamesAsync(path));
    }

    [Fact]
    public async Task Dependents_go_with_their_owner_unless_they_are_orphaned()
    {
        var path = await ConfigMapsAsync();
        foreach (var (owner, child) in new[] { ("o1", "c1"), ("o2", "c2") })
        {
            var uid = (await api.PostAsync(path, ConfigMap(owner))).At("metadata.uid").AsText();
            await api.PostAsync(path, ConfigMap(child, metadata: $$$""","ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"{{{owner}}}","uid":"{{{uid}}}"}]"""));
        }
        (await api.DeleteAsync($"{path}/o1")).Expect(200);
        (await api.DeleteAsync($"{path}/o2?propagationPolicy=Orphan")).Expect(200);
        Assert.Equal(["c2"], await NamesAsync(path));
        Assert.Null((await api.GetAsync($"{path}/c2")).At("metadata.ownerReferences"));
    }

    [Fact]
    public async Task In_foreground_the_owner_goes_last()
    {
        var path = await ConfigMapsAsync();
        var uid = (await api.PostAsync(path, ConfigMap("owner"))).At("metadata.uid").AsText();
        await api.PostAsync(path, ConfigMap("child", metadata: $$$""","finalizers":["example.com/x"],"ownerReferences":[{"apiVersion":"v1","kind":"ConfigMap","name":"owner","uid":"{{{uid}}}","blockOwnerDeletion":true}]"""));
        (await api.DeleteAsync($"{path}/owner?propagationPolicy=Foreground")).Expect(200);
        Assert.Equal("foregroundDeletion", (await api.GetAsync($"{path}/owner")).Expect(200).At("metadata.finalizers.0").AsText());
        (await api.MergeAsync($"{path}/child", """{"metadata":{"finalizers":null}}""")).Expect(200);
        Assert.Empty(await NamesAsync(path));
    }

    [Fact]
    public async Task A_dry_run_decides_and_keeps_nothing()
    {
        var path = await ConfigMapsAsync();
        Assert.Null((await api.PostAsync($"{path}?dryRun=All", ConfigMap("a"))).Expect(201).At("metadata.resourceVersion"));
        (await api.GetAsync($"{path}/a")).Expect(404);
        var revision = (await api.PostAsync(path, ConfigMap("b"))).Expect(201).At("metadata.resourceVersion").AsText();
        var changed = (await api.MergeAsync($"{path}/b?dryRun=All", """{"data":{"k":"other"}}""")).Expect(200);
        Assert.Equal(("other", revision), (changed.At("data.k").AsText(), changed.At("metadata.resourceVersion").AsText()));
        (await api.PostAsync($"{path}?dryRun=Some", ConfigMap("a"))).Expect(400);
    }

    [Theory]
    [InlineData("Upper")]
    [InlineData("-x")]
    [InlineData("a_b")]
    [InlineData("a/b")]
    public async Task A_bad_name_is_invalid(string name)
    {
        var refused = (await api.PostAsync(await ConfigMapsAsync(), ConfigMap(name))).Expect(422);
        Assert.Equal("metadata.name", refused.At("details.causes.0.field").AsText());
    }

    [Fact]
    public async Task Namespaces_must_exist_and_take_their_contents_with_them()
    {
        var missing = (await api.PostAsync("/api/v1/namespaces/nowhere/configmaps", ConfigMap("a"))).Expect(404);
        Assert.Equal("namespaces \"nowhere\" not found", missing.Message);

        var name = await api.NamespaceAsync();
        await api.PostAsync($"/api/v1/namespaces/{name}/configmaps", ConfigMap("held", metadata: ""","finalizers":["example.com/x"]"""));
        await api.PostAsync($"/api/v1/namespaces/{name}/configmaps", ConfigMap("free"));
        Assert.Equal("Terminating", (await api.DeleteAsync($"/api/v1/namespaces/{name}")).Expect(200).At("status.phase").AsText());
        Assert.Equal("Forbidden", (await api.PostAsync($"/api/v1/namespaces/{name}/configmaps", ConfigMap("late"))).Expect(403).Reason);
        Assert.Equal(["held"], await NamesAsync($"/api/v1/namespaces/{name}/configmaps"));
        (await api.MergeAsync($"/api/v1/namespaces/{name}/configmaps/held", """{"metadata":{"finalizers":[]}}""")).Expect(200);
        (await api.GetAsync($"/api/v1/namespaces/{name}")).Expect(404);
    }

    private async Task<string> ConfigMapsAsync() => $"/api/v1/namespaces/{await api.NamespaceAsync()}/configmaps";

    private async Task<List<string>> NamesAsync(string path) =>
        [.. (await api.GetAsync(path)).Expect(200).Json.Objects("items").Select(item => item.Object("metadata").Text("name")!)];
}
