using OrleansLb.Client;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Tests.Harness;

namespace OrleansLb.Grains.Tests;

/// <summary>What other programs are told of the Services.</summary>
public sealed class ServiceDirectoryTests : IAsyncLifetime
{
    private static readonly ServiceName Web = new("web", "nginx");
    private static readonly Address First = Address.Parse("192.0.2.10");

    private readonly TestCluster _cluster = new();
    private readonly CancellationTokenSource _following = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);

    private IServiceDirectoryGrain Directory => _cluster.Grains.ServiceDirectory();

    public async ValueTask InitializeAsync()
    {
        _cluster.Record.Declare(Given.Pool("front", "192.0.2.10-192.0.2.99"), Given.Advertisement());
        foreach (var node in new[] { "node1", "node2" }) _cluster.Record.Put(Given.Node(node));
        await _cluster.Start();
        foreach (var node in new[] { "node1", "node2" }) await _cluster.Join(node);
        _cluster.Record.Put(Given.Service("web/nginx"));
        await _cluster.UntilAnnounced("web/nginx");
    }

    public async ValueTask DisposeAsync()
    {
        await _following.CancelAsync();
        _following.Dispose();
        await _cluster.DisposeAsync();
    }

    [Fact]
    public async Task The_address_of_a_service_and_its_announcer_are_told()
    {
        var state = await Directory.StateOf(Web);
        Assert.NotNull(state);
        Assert.Equal([First], state.Addresses);
        Assert.Equal(_cluster.AnnouncerOf("192.0.2.10"), state.Announcer?.Value);
        Assert.True(state.IsAssigned);
        Assert.NotNull(state.AnnouncedAt);
        Assert.Equal([state], await Directory.States());
        Assert.Null(await Directory.StateOf(new("web", "none")));
    }

    [Fact]
    public async Task Of_a_service_without_address_the_reason_is_told()
    {
        _cluster.Record.Put(Given.Service("web/other") with { Addresses = [Address.Parse("203.0.113.1")] });
        var state = await _cluster.Grains.WaitFor(new("web", "other"), state => state.Reason != Reason.None, _cluster.Clock, _following.Token);
        Assert.Equal((false, Reason.AddressOutsidePools), (state.IsAssigned, state.Reason));
        Assert.Contains("203.0.113.1", state.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_holder_of_an_address_is_told_and_for_whom_it_is_reserved()
    {
        Assert.Equal(new(First, [Web], new(_cluster.AnnouncerOf("192.0.2.10")!), null), await Directory.HolderOf(First));
        Assert.Null(await Directory.HolderOf(Address.Parse("192.0.2.50")));
        var terms = new Reservation("web", "later");
        Assert.True((await _cluster.Grains.Reservations().Reserve(new(terms, Address.Parse("192.0.2.50")))).IsDone);
        AddressState? reserved;
        do reserved = await Directory.HolderOf(Address.Parse("192.0.2.50"));
        while (reserved is null); // the directory reads it in the record
        Assert.Equal(new(Address.Parse("192.0.2.50"), [], null, terms), reserved);
    }

    [Fact]
    public async Task Who_follows_is_told_what_is_and_each_change()
    {
        await using var changes = Follow();
        Assert.Equal(Web, (await Next(changes)).Service);

        _cluster.Record.Put(Given.Service("web/b"));
        while (await Next(changes) is var change && !(change.Service == new ServiceName("web", "b") && change.State?.AnnouncedAt is not null))
        {
            // until it is announced
        }
        _cluster.Record.Delete("web/b");
        while (await Next(changes) is { State: not null })
        {
            // until it is gone
        }
    }

    [Fact]
    public async Task A_service_that_moves_is_told_with_its_new_node()
    {
        await using var changes = Follow();
        var from = (await Next(changes)).State!.Announcer!.Value;
        await _cluster.Grains.Operator().Drain(from);
        while ((await Next(changes)).State?.Announcer == from)
        {
            // until another announces
        }
        Assert.NotEqual(from, (await Directory.StateOf(Web))!.Announcer);
    }

    [Fact]
    public async Task After_the_directory_lost_its_memory_only_what_changed_is_told()
    {
        await using var changes = Follow();
        await Next(changes);
        await _cluster.Silo.DropActivation(Directory);
        _cluster.Record.Put(Given.Service("web/b"));
        await _cluster.UntilAnnounced("web/b");

        var next = changes.MoveNextAsync().AsTask();
        await _cluster.Until(() => next.IsCompleted, TimeSpan.FromSeconds(1), "the lease is renewed");

        Assert.True(await next);
        Assert.Equal(new("web", "b"), changes.Current.Service);
    }

    [Fact]
    public async Task One_who_does_not_renew_is_told_nothing_any_more()
    {
        var observer = new Listener(_cluster.Record.Changed);
        var reference = _cluster.Grains.CreateObjectReference<IServiceObserver>(observer);
        var grant = await Directory.Follow(reference, null);
        _cluster.Record.Put(Given.Service("web/b"));
        await _cluster.UntilAnnounced("web/b");
        await _cluster.Until(() => observer.Heard.Any(state => state.Service == new ServiceName("web", "b")), "it is told");

        _cluster.Advance(grant.Lease);
        _cluster.Record.Put(Given.Service("web/c"));
        await _cluster.UntilAnnounced("web/c");

        Assert.DoesNotContain(observer.Heard, state => state.Service == new ServiceName("web", "c"));
        Assert.NotNull((await Directory.Follow(reference, grant.Position)).All); // it has missed something
        GC.KeepAlive(observer);
    }

    [Fact]
    public async Task A_renewal_of_one_who_has_followed_tells_nothing_twice()
    {
        var observer = new Listener(_cluster.Record.Changed);
        var reference = _cluster.Grains.CreateObjectReference<IServiceObserver>(observer);
        var grant = await Directory.Follow(reference, null);
        Assert.Equal([Web], grant.All!.Value.Select(state => state.Service));
        Assert.Null((await Directory.Follow(reference, grant.Position)).All);
        Assert.NotNull((await Directory.Follow(reference, null)).All);
        await Directory.Unfollow(reference);
        Assert.NotNull((await Directory.Follow(reference, grant.Position)).All);
        GC.KeepAlive(observer);
    }

    private IAsyncEnumerator<ServiceChange> Follow() => _cluster.Grains.FollowServices(_cluster.Clock, _following.Token).GetAsyncEnumerator(_following.Token);

    private static async Task<ServiceChange> Next(IAsyncEnumerator<ServiceChange> changes)
    {
        Assert.True(await changes.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        return changes.Current;
    }

    private sealed class Listener(Pulse heard) : IServiceObserver
    {
        private readonly System.Collections.Concurrent.ConcurrentQueue<ServiceState> _heard = new();

        public IEnumerable<ServiceState> Heard => _heard;

        public Task Changed(ServiceNews news)
        {
            foreach (var state in news.Changed) _heard.Enqueue(state);
            heard.Beat();
            return Task.CompletedTask;
        }
    }
}
