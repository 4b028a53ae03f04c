using System.Globalization;
using OrleansLb.Api.Hosting;
using OrleansLb.Api.Json;
using OrleansLb.Api.Tests.Fixtures;

namespace OrleansLb.Api.Tests.Storage;

public sealed class RestartTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("orleanslb-api-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Objects_survive_and_revisions_go_on_from_where_they_were()
    {
        var first = await ApiFixture.StartAsync(new() { DataDirectory = _directory });
        var created = (await first.PostAsync("/api/v1/namespaces/default/services", """{"apiVersion":"v1","kind":"Service","metadata":{"name":"web"},"spec":{"type":"LoadBalancer","ports":[{"port":80}]}}""")).Expect(201);
        await first.PostAsync("/api/v1/namespaces/default/configmaps", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"gone"}}""");
        var deleted = (await first.DeleteAsync("/api/v1/namespaces/default/configmaps/gone")).Expect(200);
        var last = first.Server.Api.Store.Image.Revision;
        await first.DisposeAsync();

        var second = await ApiFixture.StartAsync(new() { DataDirectory = _directory });
        var read = (await second.GetAsync("/api/v1/namespaces/default/services/web")).Expect(200);
        Assert.Equal(created.Text, read.Text);
        (await second.GetAsync("/api/v1/namespaces/default/configmaps/gone")).Expect(404);
        Assert.Equal("Success", deleted.Json.Text("status"));
        var next = (await second.PostAsync("/api/v1/namespaces/default/configmaps", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"next"}}""")).Expect(201);
        Assert.True(long.Parse(next.Revision, CultureInfo.InvariantCulture) > last);
        await second.DisposeAsync();
    }

    [Fact]
    public async Task A_restart_with_nothing_new_writes_nothing()
    {
        var first = await ApiFixture.StartAsync(new() { DataDirectory = _directory });
        var before = first.Server.Api.Store.Image.Revision;
        await first.DisposeAsync();
        var second = await ApiFixture.StartAsync(new() { DataDirectory = _directory });
        Assert.Equal(before, second.Server.Api.Store.Image.Revision);
        await second.DisposeAsync();
    }

    [Fact]
    public async Task An_address_that_is_held_stays_held_after_a_restart()
    {
        var first = await ApiFixture.StartAsync(new() { DataDirectory = _directory });
        (await first.PostAsync("/api/v1/namespaces/default/services", """{"apiVersion":"v1","kind":"Service","metadata":{"name":"a"},"spec":{"clusterIP":"10.96.7.7","ports":[{"port":80}]}}""")).Expect(201);
        await first.DisposeAsync();
        var second = await ApiFixture.StartAsync(new() { DataDirectory = _directory });
        var refused = (await second.PostAsync("/api/v1/namespaces/default/services", """{"apiVersion":"v1","kind":"Service","metadata":{"name":"b"},"spec":{"clusterIP":"10.96.7.7","ports":[{"port":80}]}}""")).Expect(422);
        Assert.Contains("provided IP is already allocated", refused.Message, StringComparison.Ordinal);
        await second.DisposeAsync();
    }

    [Fact]
    public async Task A_second_process_on_the_same_data_is_told_so()
    {
        var first = await ApiFixture.StartAsync(new() { DataDirectory = _directory });
        var refused =
            await Assert.ThrowsAsync<IOException>(() => EmbeddedApi.StartAsync(new() { DataDirectory = _directory }, TestContext.Current.CancellationToken));
        Assert.Contains("in use by another process", refused.Message, StringComparison.Ordinal);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task A_watcher_from_before_the_restart_must_list_again()
    {
        var first = await ApiFixture.StartAsync(new() { DataDirectory = _directory });
        var old = (await first.PostAsync("/api/v1/namespaces/default/configmaps", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"a"}}""")).Revision;
        await first.PostAsync("/api/v1/namespaces/default/configmaps", """{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"b"}}""");
        await first.DisposeAsync();
        var second = await ApiFixture.StartAsync(new() { DataDirectory = _directory });
        var watch = (await second.GetAsync($"/api/v1/configmaps?watch=1&resourceVersion={old}")).Expect(200);
        Assert.Equal("ERROR", watch.Json.Text("type"));
        Assert.Equal(410, watch.Json.Object("object").Whole("code"));
        await second.DisposeAsync();
    }
}
