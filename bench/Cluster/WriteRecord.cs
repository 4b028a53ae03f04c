using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Client.Watching;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Bench.Cluster;

/// <summary>
/// Reads along what becomes of the benchmark's Services: each change of an object is a write of somebody's, and of all but the first of a Service, OrleansLb's.
/// </summary>
internal sealed class WriteRecord : IAsyncDisposable
{
    private static readonly ApiResource Events = new("events.k8s.io", "v1", "events", "Event", Namespaced: true);

    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<string, long> _writes = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource[] _begun = [new(), new(), new()];
    private readonly Task _reading;
    private ImmutableHashSet<string> _seen = [];
    private ImmutableHashSet<string> _shown = [];
    private long _lastShown;

    public WriteRecord(ApiClient client)
    {
        _reading = Task.WhenAll(
            Read(client, ResourceTypes.Services, GivenCluster.Name, _begun[0], Note),
            Read(client, ResourceTypes.AddressClaims, null, _begun[1], claim => Count("addressclaims")),
            Read(client, ResourceTypes.Custom(Events), GivenCluster.Name, _begun[2], told => Count("events")));
    }

    /// <summary>Ends when all is read along.</summary>
    public Task Begun => Task.WhenAll(_begun.Select(begun => begun.Task));

    /// <summary>How many writes there were of each resource.</summary>
    public IReadOnlyDictionary<string, long> Writes => _writes;

    /// <summary>How many Services show an address.</summary>
    public int Shown => Volatile.Read(ref _shown).Count;

    /// <summary>When the last of them did for the first time, by <see cref="Stopwatch"/>.</summary>
    public long LastShown => Volatile.Read(ref _lastShown);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task Read<T>(ApiClient client, ResourceType<T> type, string? ns, TaskCompletionSource begun, Action<T> note)
        where T : class, IApiObject
    {
        var reflector =
            new Reflector<T>(client, type, new ListQuery { Namespace = ns }, new ReflectorOptions(), new Random(), TimeProvider.System, NullLogger.Instance);
        await foreach (var change in reflector.Changes(_stopping.Token))
        {
            if (change is Change<T>.Snapshot) begun.TrySetResult();
            if (change is Change<T>.Upsert upsert) note(upsert.Item);
        }
    }

    private void Note(ServiceObject service)
    {
        if (_seen.Contains(service.Metadata.Name)) Count("services/status");
        _seen = _seen.Add(service.Metadata.Name);
        if (_shown.Contains(service.Metadata.Name) || service.Status?.LoadBalancer?.Ingress is not { Count: > 0 }) return;
        Volatile.Write(ref _lastShown, Stopwatch.GetTimestamp());
        Volatile.Write(ref _shown, _shown.Add(service.Metadata.Name));
    }

    private void Count(string resource) => _writes.AddOrUpdate(resource, 1, static (_, count) => count + 1);
}
