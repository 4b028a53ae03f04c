using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Client.Watching;

/// <summary>What one session with the server brings: at most one whole list, then events.</summary>
internal abstract record ListWatchEvent<T>
{
    private ListWatchEvent()
    {
    }

    public sealed record Listed(IReadOnlyList<T> Items, string ResourceVersion) : ListWatchEvent<T>;

    public sealed record Watched(WatchEvent<T> Event) : ListWatchEvent<T>;
}

/// <summary>Lists and watches one kind, from a position on, until the server or the connection ends it.</summary>
internal sealed class ListWatch<T>(ApiClient client, ResourceType<T> type, ListQuery query, ReflectorOptions options, Random random, TimeProvider time)
    where T : class, IApiObject
{
    public async IAsyncEnumerable<ListWatchEvent<T>> Open(Position position, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var version = position.Version;
        if (position.NeedsList)
        {
            if (client.StreamsLists)
            {
                await foreach (var streamed in StreamList(cancellation)) yield return streamed;
                if (client.StreamsLists) yield break;
            }
            var listed = await List(version, cancellation);
            version = listed.ResourceVersion;
            yield return listed;
        }
        var watch = query with { Watch = true, ResourceVersion = version, TimeoutSeconds = WatchSeconds() };
        await foreach (var watched in Watch(watch, cancellation)) yield return new ListWatchEvent<T>.Watched(watched);
    }

    /// <summary>The list as a watch that begins with all there is (KEP-3157). Ends early, and is not tried again, at a server that has no such thing.</summary>
    private async IAsyncEnumerable<ListWatchEvent<T>> StreamList([EnumeratorCancellation] CancellationToken cancellation)
    {
        var watch =
            query with { Watch = true, SendInitialEvents = true, ResourceVersionMatch = "NotOlderThan", ResourceVersion = "", TimeoutSeconds = WatchSeconds() };
        using var patience = new CancellationTokenSource(options.AnswerPatience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        var initial = new Dictionary<(string?, string), T>();
        ListWatchEvent<T>.Listed? listed = null;
        var phase = StreamPhase.Asked;
        await using var events = Watch(watch, Answered, either.Token).GetAsyncEnumerator(either.Token);
        while (await AdvanceStream(events, () => phase, cancellation))
        {
            if (listed is not null)
            {
                yield return new ListWatchEvent<T>.Watched(events.Current);
                continue;
            }
            patience.CancelAfter(options.StreamingListPatience);
            listed = Collect(events.Current, initial);
            if (!client.StreamsLists) yield break;
            if (listed is null) continue;
            patience.CancelAfter(Timeout.InfiniteTimeSpan);
            phase = StreamPhase.Live;
            yield return listed;
        }
        if (listed is null) client.StreamsLists = false; // it ended without telling where the list ends

        void Answered()
        {
            phase = StreamPhase.Listing;
            patience.CancelAfter(options.StreamingListPatience);
        }
    }

    private async Task<bool> AdvanceStream(IAsyncEnumerator<WatchEvent<T>> events, Func<StreamPhase> phase, CancellationToken cancellation)
    {
        try
        {
            return await events.MoveNextAsync();
        }
        catch (ApiException refusal) when (phase() != StreamPhase.Live && refusal.Reason is ApiReason.Invalid or ApiReason.BadRequest)
        {
            client.StreamsLists = false;
            return false;
        }
        catch (OperationCanceledException) when (phase() == StreamPhase.Asked && !cancellation.IsCancellationRequested)
        {
            // A server that says nothing at all says nothing about what it can.
            client.Reachability.Failed();
            throw new HttpRequestException(HttpRequestError.ConnectionError,
                $"WATCH {type.Resource}: no answer within {options.AnswerPatience.TotalSeconds:0} s.");
        }
        catch (OperationCanceledException) when (phase() == StreamPhase.Listing && !cancellation.IsCancellationRequested)
        {
            client.StreamsLists = false;
            return false;
        }
    }

    private ListWatchEvent<T>.Listed? Collect(WatchEvent<T> input, Dictionary<(string?, string), T> initial)
    {
        switch (input)
        {
            case WatchEvent<T>.Changed { Change: Change<T>.Upsert upsert }:
                initial[Key(upsert.Item)] = upsert.Item;
                return null;
            case WatchEvent<T>.Changed { Change: Change<T>.Delete delete }:
                initial.Remove(Key(delete.Item));
                return null;
            case WatchEvent<T>.Bookmark { EndsInitial: true } mark:
                return new([.. initial.Values], mark.ResourceVersion ?? "");
            case WatchEvent<T>.Failed { Status: { Reason: ApiReason.InternalError or ApiReason.Invalid or ApiReason.BadRequest } }:
                client.StreamsLists = false; // a server on an old etcd accepts the request and then cannot serve it
                return null;
            case WatchEvent<T>.Failed failed:
                throw new ApiException(failed.Status, $"WATCH {type.Resource}");
            default:
                return null;
        }
    }

    private static (string?, string) Key(T item) => (item.Metadata.Namespace, item.Metadata.Name);

    private async Task<ListWatchEvent<T>.Listed> List(string version, CancellationToken cancellation)
    {
        // The cache that answers a version ignores limits; a read from storage is done in pages, to spare it.
        var page = query with { ResourceVersion = version, Limit = version.Length == 0 ? options.PageSize : null };
        var items = new List<T>();
        while (true)
        {
            var list = await ListPage(page, cancellation);
            if (list is null)
            {
                items.Clear(); // the continuation expired between pages: only a whole list is consistent now
                page = query with { ResourceVersion = "" };
                continue;
            }
            items.AddRange(list.Items ?? []);
            if (string.IsNullOrEmpty(list.Metadata.Continue)) return new(items, list.Metadata.ResourceVersion);
            page = page with { Continue = list.Metadata.Continue, ResourceVersion = null };
        }
    }

    private async Task<ObjectList<T>?> ListPage(ListQuery page, CancellationToken cancellation)
    {
        try
        {
            return await client.List(type, page, cancellation);
        }
        catch (ApiException refusal) when (page.Continue is not null && refusal.Status.Code == 410)
        {
            return null;
        }
    }

    private IAsyncEnumerable<WatchEvent<T>> Watch(ListQuery watch, CancellationToken cancellation) => Watch(watch, static () => { }, cancellation);

    private async IAsyncEnumerable<WatchEvent<T>> Watch(ListQuery watch, Action answered, [EnumeratorCancellation] CancellationToken cancellation)
    {
        using var response = await client.OpenWatch(type.Resource, watch, cancellation);
        answered();
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        await foreach (var found in WatchReader.Read(stream, type.Json, cancellation)) yield return found;
    }

    private int WatchSeconds() => (int)(options.WatchTimeout.TotalSeconds * (1 + random.NextDouble()));

    /// <summary>How far a list that comes as a stream is.</summary>
    private enum StreamPhase
    {
        Asked,
        Listing,
        Live,
    }
}
