using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Client.Watching;

namespace OrleansLb.Kubernetes.Feed;

/// <summary>The watches that run for a feed, one per kind; all write to one channel.</summary>
internal sealed class WatchSet(ApiClient client, ChannelWriter<FeedInput> inputs, ReflectorOptions options, Random random, TimeProvider time, ILogger logger)
    : IAsyncDisposable
{
    private readonly Dictionary<ApiResource, (CancellationTokenSource Stop, Task Running)> _watches = [];

    public IReadOnlyCollection<ApiResource> Resources => _watches.Keys;

    /// <summary>Begins to watch a kind, unless it is watched already. An optional one is empty where we may not read it.</summary>
    public void Start<T>(ResourceType<T> type, ListQuery query, Func<Change<T>, FeedInput> input, bool isOptional = false)
        where T : class, IApiObject
    {
        if (_watches.ContainsKey(type.Resource)) return;
        var stop = new CancellationTokenSource();
        var chance = new Random(random.Next()); // of its own: the watches run at the same time
        var reflector = new Reflector<T>(client, type, query, options with { EmptyWhenForbidden = isOptional }, chance, time, logger);
        // Not in the turns of the grain that reads the feed, where the lists would be parsed one after the other.
        _watches[type.Resource] = (stop, Task.Run(() => Run(reflector, input, stop.Token), CancellationToken.None));
    }

    public async Task Stop(ApiResource resource)
    {
        if (!_watches.Remove(resource, out var watch)) return;
        await watch.Stop.CancelAsync();
        await watch.Running;
        watch.Stop.Dispose();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var resource in _watches.Keys.ToList()) await Stop(resource);
    }

    private async Task Run<T>(Reflector<T> reflector, Func<Change<T>, FeedInput> input, CancellationToken stop)
        where T : class, IApiObject
    {
        try
        {
            await foreach (var change in reflector.Changes(stop)) await inputs.WriteAsync(input(change), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            logger.WatchStopped();
        }
        catch (Exception fault)
        {
            inputs.TryComplete(fault); // a bug: the reader of the feed is to know, and begins anew
        }
    }
}
