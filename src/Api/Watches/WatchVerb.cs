using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrleansLb.Api.Rest;
using OrleansLb.Api.Statuses;
using OrleansLb.Api.Storage;

namespace OrleansLb.Api.Watches;

/// <summary>Watch: follows the changes of a resource from a revision on, until the client has had enough.</summary>
internal sealed class WatchVerb(ObjectStore store)
{
    private static readonly TimeSpan DefaultTimeout = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan BookmarkEvery = TimeSpan.FromMinutes(1);

    public async Task RunAsync(ResourceRequest request)
    {
        var options = WatchOptions.From(request);
        var frames = new WatchFrames(request, store.Clock);
        await frames.StartAsync();
        var log = store.Log(request.Type.Storage);
        var image = store.Image;
        var from = options.After ?? image.Revision;
        if (options.After is null || options.SendInitialEvents) await SendInitialAsync(frames, options, image);
        else if (from > image.Revision)
        {
            await frames.ErrorAsync(ApiError.TooLargeRevision(from, image.Revision));
            return;
        }
        if (log.Seek(options.SendInitialEvents ? image.Revision : from) is { } place)
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(request.Http.RequestAborted, Stopping(request.Http));
            await FollowAsync(frames, options, new(log, place), ended.Token);
        }
        else await frames.ErrorAsync(ApiError.Expired($"too old resource version: {from} ({log.OldestRevision})"));
    }

    private static CancellationToken Stopping(HttpContext http) =>
        http.RequestServices.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

    private static async Task SendInitialAsync(WatchFrames frames, WatchOptions options, StoreImage image)
    {
        await frames.InitialAsync(image);
        if (options is { SendInitialEvents: true, Bookmarks: true }) frames.Bookmark(image.Revision, endOfInitialEvents: true);
        await frames.FlushAsync();
    }

    private async Task FollowAsync(WatchFrames frames, WatchOptions options, Position position, CancellationToken ended)
    {
        var (log, place) = position;
        var end = store.Clock.GetUtcNow() + (options.Timeout ?? DefaultTimeout);
        var bookmarkAt = store.Clock.GetUtcNow() + BookmarkEvery;
        while (!ended.IsCancellationRequested && !log.Completed)
        {
            var changed = log.Changed;
            var reached = store.Image.Revision;
            place = await SendAllAsync(frames, place);
            var now = store.Clock.GetUtcNow();
            if (options.Bookmarks && (now >= bookmarkAt || now >= end))
            {
                frames.Bookmark(Math.Max(reached, place.Revision), endOfInitialEvents: false);
                bookmarkAt = now + BookmarkEvery;
            }
            await frames.FlushAsync();
            if (now >= end) return;
            var next = options.Bookmarks && bookmarkAt < end ? bookmarkAt : end;
            await changed.WaitAsync(next - now, store.Clock, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<EventLog.Link> SendAllAsync(WatchFrames frames, EventLog.Link place)
    {
        while (place.Next is { } next)
        {
            frames.Change(next.Change!);
            if (frames.IsFull) await frames.FlushAsync();
            place = next;
        }
        return place;
    }

    /// <summary>How far a watcher has read a log.</summary>
    private readonly record struct Position(EventLog Log, EventLog.Link Place);
}
