using OrleansLb.Api.Resources;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Objects;

/// <summary>
/// Forgets events that nobody has written to for an hour. It notes the store's revision now and then: what is older than
/// the revision of an hour ago has had its time. After a restart events have an hour again.
/// </summary>
internal sealed class EventRetention : IAsyncDisposable
{
    private static readonly TimeSpan KeptFor = TimeSpan.FromHours(1); // the API server's --event-ttl
    private static readonly TimeSpan SweepEvery = TimeSpan.FromMinutes(1);

    private readonly ObjectStore _store;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Queue<(DateTimeOffset At, long Revision)> _marks = new();
    private readonly Task _loop;

    public EventRetention(ObjectStore store)
    {
        _store = store;
        _loop = RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _loop.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(SweepEvery, _store.Clock);
        while (await timer.WaitForNextTickAsync(_stopping.Token)) await SweepAsync();
    }

    /// <summary>Notes where the store is now, and forgets what is too old.</summary>
    internal async Task SweepAsync()
    {
        var now = _store.Clock.GetUtcNow();
        _marks.Enqueue((now, _store.Image.Revision));
        long? horizon = null;
        while (_marks.TryPeek(out var mark) && now - mark.At >= KeptFor) horizon = _marks.Dequeue().Revision;
        if (horizon is { } oldest && Expired(_store.Image, oldest).Any()) await _store.WriteAsync(transaction => Forget(transaction, oldest));
    }

    private static IEnumerable<StoredObject> Expired(StoreImage image, long horizon) =>
        image.Table(KnownResources.Events).All.Where(stored => stored.Revision <= horizon);

    private static int Forget(StoreTransaction transaction, long horizon)
    {
        var expired = Expired(transaction.Image, horizon).ToList();
        foreach (var stored in expired) transaction.Remove(stored, stored.Parse());
        return expired.Count;
    }
}
