using System.Collections.Immutable;
using System.Text.Json.Nodes;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Storage;
using OrleansLb.Api.Tests.Fixtures;

namespace OrleansLb.Api.Tests.Storage;

public sealed class ObjectStoreTests
{
    private static readonly GroupResource Things = new("example.com", "things");

    [Fact]
    public async Task Each_change_gets_the_next_revision_and_readers_see_it_at_once()
    {
        await using var store = new ObjectStore(new MemoryJournal(TimeProvider.System), TimeProvider.System, 100);
        var first = await store.WriteAsync(transaction => transaction.Put(Things, Thing("a")));
        var second = await store.WriteAsync(transaction => transaction.Put(Things, Thing("b")));
        Assert.Equal(first.Revision + 1, second.Revision);
        Assert.Equal(second.Revision, store.Image.Revision);
        Assert.Equal(["a", "b"], store.Image.Table(Things).All.Select(stored => stored.Key.Name));
    }

    [Fact]
    public async Task Whoever_begins_anew_a_moment_later_begins_behind_all_that_was_written_before()
    {
        var clock = new ManualClock(TimeProvider.System.GetUtcNow());
        await using var former = new ObjectStore(new MemoryJournal(clock), clock, 100);
        for (var i = 0; i < 200; i++) await former.WriteAsync(transaction => transaction.Put(Things, Thing($"thing-{i}")));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await using var anew = new ObjectStore(new MemoryJournal(clock), clock, 100);
        Assert.True(anew.Image.Revision > former.Image.Revision);
    }

    [Fact]
    public async Task A_decision_that_throws_leaves_nothing_behind()
    {
        await using var store = new ObjectStore(new MemoryJournal(TimeProvider.System), TimeProvider.System, 100);
        var before = store.Image;
        await Assert.ThrowsAsync<InvalidOperationException>(() => store.WriteAsync<int>(transaction =>
        {
            transaction.Put(Things, Thing("a"));
            throw new InvalidOperationException("no");
        }));
        Assert.Same(before, store.Image);
    }

    [Fact]
    public async Task A_dry_run_answers_and_keeps_nothing()
    {
        await using var store = new ObjectStore(new MemoryJournal(TimeProvider.System), TimeProvider.System, 100);
        var shown = await store.WriteAsync(transaction => transaction.Put(Things, Thing("a")), dryRun: true);
        Assert.Equal("a", shown.Key.Name);
        Assert.Equal(0, store.Image.Table(Things).Count);
    }

    [Fact]
    public async Task When_the_journal_fails_the_writers_are_told_and_the_image_stays()
    {
        await using var store = new ObjectStore(new FailingJournal(), TimeProvider.System, 100);
        await Assert.ThrowsAsync<IOException>(() => store.WriteAsync(transaction => transaction.Put(Things, Thing("a"))));
        Assert.Equal(0, store.Image.Table(Things).Count);
        Assert.Null(store.Log(Things).Seek(1)!.Next);
    }

    [Fact]
    public async Task Concurrent_writers_each_get_their_own_revision()
    {
        await using var store = new ObjectStore(new MemoryJournal(TimeProvider.System), TimeProvider.System, 10_000);
        var written = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => store.WriteAsync(transaction => transaction.Put(Things, Thing($"t{i}")))));
        Assert.Equal(1000, written.Select(stored => stored.Revision).Distinct().Count());
        Assert.Equal(1000, store.Image.Table(Things).Count);
    }

    [Fact]
    public async Task The_log_forgets_the_oldest_and_says_so()
    {
        await using var store = new ObjectStore(new MemoryJournal(TimeProvider.System), TimeProvider.System, 3);
        var start = store.Image.Revision;
        for (var i = 0; i < 5; i++) await store.WriteAsync(transaction => transaction.Put(Things, Thing($"t{i}")));
        Assert.Null(store.Log(Things).Seek(start));
        Assert.NotNull(store.Log(Things).Seek(start + 2));
    }

    [Fact]
    public void Claims_are_found_by_their_holders_and_released_with_them()
    {
        var service = StoredObject.Freeze(KnownResources.Services, Parse("""{"metadata":{"name":"s","namespace":"d"},"spec":{"clusterIPs":["10.96.0.20"],"ports":[{"port":80,"nodePort":30080}]}}"""), 2);
        var image = new StoreImage(1).With(service);
        Assert.Equal(ObjectRef.To(service), Assert.Single(image.Holders("clusterIP/10.96.0.20")));
        Assert.Equal(ObjectRef.To(service), Assert.Single(image.Holders("nodePort/30080")));
        Assert.Empty(image.Without(service).Holders("nodePort/30080"));
    }

    private static JsonObject Thing(string name) => Parse($$$"""{"metadata":{"name":"{{{name}}}"}}""");

    private static JsonObject Parse(string json) => (JsonObject)JsonNode.Parse(json)!;

    private sealed class FailingJournal : IObjectJournal
    {
        public StoreImage Load() => new(1);

        public void Commit(ImmutableArray<StoreChange> changes) => throw new IOException("the disk is full");

        public void Dispose()
        {
        }
    }
}
