using System.Text.Json.Nodes;
using OrleansLb.Api.Objects;
using OrleansLb.Api.Resources;
using OrleansLb.Api.Storage;
using OrleansLb.Api.Tests.Fixtures;

namespace OrleansLb.Api.Tests.Rest;

public sealed class EventRetentionTests
{
    [Fact]
    public async Task Events_go_an_hour_after_their_last_change()
    {
        var clock = new ManualClock(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        await using var store = new ObjectStore(new MemoryJournal(clock), clock, 100);
        await using var retention = new EventRetention(store);
        await PutAsync(store, "quiet");
        await PutAsync(store, "repeated");
        await retention.SweepAsync();
        clock.Advance(TimeSpan.FromMinutes(30));
        await PutAsync(store, "repeated");
        await PutAsync(store, "young");
        await retention.SweepAsync();
        Assert.Equal(["quiet", "repeated", "young"], Names(store));
        clock.Advance(TimeSpan.FromMinutes(30));
        await retention.SweepAsync();
        Assert.Equal(["repeated", "young"], Names(store));
        clock.Advance(TimeSpan.FromMinutes(30));
        await retention.SweepAsync();
        Assert.Empty(Names(store));
    }

    private static IEnumerable<string> Names(ObjectStore store) => store.Image.Table(KnownResources.Events).All.Select(stored => stored.Key.Name);

    private static Task<StoredObject> PutAsync(ObjectStore store, string name) =>
        store.WriteAsync(transaction => transaction.Put(KnownResources.Events, (JsonObject)JsonNode.Parse($$$"""{"metadata":{"name":"{{{name}}}","namespace":"default"}}""")!));
}
