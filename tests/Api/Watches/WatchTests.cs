using System.Globalization;
using OrleansLb.Api.Hosting;
using OrleansLb.Api.Json;
using OrleansLb.Api.Tests.Fixtures;
using static OrleansLb.Api.Tests.Fixtures.Manifests;

namespace OrleansLb.Api.Tests.Watches;

public class WatchTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    [Fact]
    public async Task Changes_arrive_in_order_with_rising_revisions()
    {
        var path = await ConfigMapsAsync();
        var start = (await api.GetAsync(path)).Revision;
        await using var watch = await Watching.OpenAsync(api, $"{path}?watch=1&resourceVersion={start}");
        await api.PostAsync(path, ConfigMap("a"));
        await api.MergeAsync($"{path}/a", """{"data":{"k":"2"}}""");
        await api.MergeAsync($"{path}/a", """{"data":{"k":"2"}}"""); // changes nothing, and says nothing
        var last = (await api.GetAsync($"{path}/a")).Revision;
        await api.DeleteAsync($"{path}/a");
        var seen = new[] { await watch.ExpectAsync("ADDED", "a"), await watch.ExpectAsync("MODIFIED", "a"), await watch.ExpectAsync("DELETED", "a") };
        Assert.Equal(last, seen[1].Revision);
        Assert.True(Number(seen[0].Revision) < Number(seen[1].Revision) && Number(seen[1].Revision) < Number(seen[2].Revision));
        Assert.Equal("2", seen[2].Object.Object("data").Text("k"));
    }

    [Fact]
    public async Task Without_a_revision_the_present_objects_come_first()
    {
        var path = await ConfigMapsAsync();
        await api.PostAsync(path, ConfigMap("a"));
        await using var watch = await Watching.OpenAsync(api, $"{path}?watch=true");
        await watch.ExpectAsync("ADDED", "a");
        await api.PostAsync(path, ConfigMap("b"));
        await watch.ExpectAsync("ADDED", "b");
    }

    [Fact]
    public async Task A_streamed_list_ends_with_a_marked_bookmark()
    {
        var path = await ConfigMapsAsync();
        await api.PostAsync(path, ConfigMap("a"));
        await using var watch =
            await Watching.OpenAsync(api, $"{path}?watch=1&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&resourceVersion=");
        await watch.ExpectAsync("ADDED", "a");
        var end = await watch.ExpectAsync("BOOKMARK", "");
        Assert.Equal("true", end.Object.Object("metadata").Object("annotations").Text("k8s.io/initial-events-end"));
        Assert.Equal("ConfigMap", end.Object.Text("kind"));
        await api.PostAsync(path, ConfigMap("b"));
        Assert.True(Number((await watch.ExpectAsync("ADDED", "b")).Revision) > Number(end.Revision));
    }

    [Fact]
    public async Task Initial_events_need_the_right_match() =>
        Assert.Equal("Invalid", (await api.GetAsync("/api/v1/configmaps?watch=1&sendInitialEvents=true")).Expect(422).Reason);

    [Fact]
    public async Task A_watch_ends_when_its_time_is_up_with_a_bookmark()
    {
        var path = await ConfigMapsAsync();
        var start = (await api.GetAsync(path)).Revision;
        await api.NamespaceAsync(); // something else moves the revision on
        await using var watch = await Watching.OpenAsync(api, $"{path}?watch=1&resourceVersion={start}&allowWatchBookmarks=true&timeoutSeconds=1");
        var bookmark = await watch.ExpectAsync("BOOKMARK", "");
        Assert.True(Number(bookmark.Revision) > Number(start));
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task An_object_that_leaves_the_selection_is_deleted_for_the_watcher()
    {
        var ns = await api.NamespaceAsync();
        var path = $"/api/v1/namespaces/{ns}/services";
        var start = (await api.GetAsync(path)).Revision;
        await using var watch = await Watching.OpenAsync(api, $"{path}?watch=1&resourceVersion={start}&fieldSelector=spec.type%3DLoadBalancer");
        await api.PostAsync(path, Service("plain", """{"ports":[{"port":80}]}"""));
        await api.PostAsync(path, Service("lb", """{"type":"LoadBalancer","ports":[{"port":80}]}"""));
        await watch.ExpectAsync("ADDED", "lb");
        var changed = await api.MergeAsync($"{path}/lb", """{"spec":{"type":"ClusterIP"}}""");
        var gone = await watch.ExpectAsync("DELETED", "lb");
        Assert.Equal("LoadBalancer", gone.Object.Object("spec").Text("type"));
        Assert.Equal(changed.Revision, gone.Revision);
        await api.MergeAsync($"{path}/lb", """{"spec":{"type":"LoadBalancer"}}""");
        await watch.ExpectAsync("ADDED", "lb");
    }

    [Fact]
    public async Task A_deletion_held_by_finalizers_is_a_change_and_then_one_deletion()
    {
        var path = await ConfigMapsAsync();
        await api.PostAsync(path, ConfigMap("a", metadata: ""","finalizers":["example.com/x"]"""));
        await using var watch = await Watching.OpenAsync(api, $"{path}?watch=1&resourceVersion={(await api.GetAsync(path)).Revision}");
        await api.DeleteAsync($"{path}/a");
        Assert.NotNull((await watch.ExpectAsync("MODIFIED", "a")).Object.Object("metadata").Text("deletionTimestamp"));
        await api.MergeAsync($"{path}/a", """{"metadata":{"finalizers":null}}""");
        await watch.ExpectAsync("DELETED", "a");
    }

    [Fact]
    public async Task A_revision_that_is_forgotten_is_an_error_event()
    {
        await using var small = await ApiFixture.StartAsync(new EmbeddedApiOptions { HistorySize = 2 });
        var old = (await small.GetAsync("/api/v1/configmaps")).Revision;
        for (var i = 0; i < 4; i++) await small.PostAsync("/api/v1/namespaces/default/configmaps", ConfigMap($"c{i}"));
        await using var watch = await Watching.OpenAsync(small, $"/api/v1/configmaps?watch=1&resourceVersion={old}");
        var error = await watch.ExpectAsync("ERROR", "");
        Assert.Equal((410, "Expired"), (error.Object.Whole("code"), error.Object.Text("reason")));
        Assert.Null(await watch.NextAsync());
    }

    [Fact]
    public async Task Watchers_of_tables_get_rows()
    {
        var path = await ConfigMapsAsync();
        await using var watch = await Watching.OpenAsync(api, $"{path}?watch=1", "application/json;as=Table;v=v1;g=meta.k8s.io,application/json");
        await api.PostAsync(path, ConfigMap("a"));
        var first = await watch.NextAsync();
        Assert.Equal("Table", first!.Object.Text("kind"));
        Assert.Equal("a", first.Object.Objects("rows").Single().Array("cells")![0].AsText());
        Assert.Equal(3, first.Object.Array("columnDefinitions")!.Count);
    }

    [Fact]
    public async Task One_object_can_be_watched_by_its_name()
    {
        var path = await ConfigMapsAsync();
        await using var watch = await Watching.OpenAsync(api, $"{path}?watch=1&fieldSelector=metadata.name%3Db");
        await api.PostAsync(path, ConfigMap("a"));
        await api.PostAsync(path, ConfigMap("b"));
        await watch.ExpectAsync("ADDED", "b");
    }

    [Fact]
    public async Task Stopping_the_server_ends_its_watches()
    {
        var other = await ApiFixture.StartAsync(new EmbeddedApiOptions());
        await using var watch = await Watching.OpenAsync(other, "/api/v1/configmaps?watch=1");
        await other.Server.DisposeAsync();
        Assert.Null(await watch.NextAsync());
        other.Http.Dispose();
    }

    private async Task<string> ConfigMapsAsync() => $"/api/v1/namespaces/{await api.NamespaceAsync()}/configmaps";

    private static long Number(string revision) => long.Parse(revision, CultureInfo.InvariantCulture);
}
