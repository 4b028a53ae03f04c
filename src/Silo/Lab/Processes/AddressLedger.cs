using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Watching;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>
/// Reads along what every Service shows, change by change, and holds each against what must be true at any moment: no address is shown by two Services, and
/// one that a Service has been given stays its own until the Service is deleted.
/// </summary>
internal sealed class AddressLedger : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly ApiClient _client;
    private readonly Task _reading;
    private ImmutableDictionary<string, Entry> _entries = ImmutableDictionary<string, Entry>.Empty;
    private ImmutableList<string> _givenTwice = [];
    private ImmutableList<string> _lost = [];

    public AddressLedger(Uri api, TimeProvider time)
    {
        _client = ApiClient.Connect(new() { Server = api, UserAgent = "lab" }, static _ => null, time, NullLogger<ApiClient>.Instance);
        var services =
            new Reflector<ServiceObject>(_client, ResourceTypes.Services, new ListQuery(), new ReflectorOptions(), new Random(), time, NullLogger.Instance);
        _reading = Read(services, _stopping.Token);
    }

    /// <summary>Each time that two Services showed one address, in words.</summary>
    public IReadOnlyList<string> GivenTwice => Volatile.Read(ref _givenTwice);

    /// <summary>Each time that a Service lost or changed its address, in words.</summary>
    public IReadOnlyList<string> Lost => Volatile.Read(ref _lost);

    /// <summary>What the Services that are there show now, by name; null for nothing.</summary>
    public IReadOnlyDictionary<string, string?> Shown =>
        Volatile.Read(ref _entries).Values.Where(entry => !entry.IsLeaving).ToDictionary(entry => entry.Name, entry => entry.Address);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _reading.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _client.Dispose();
        _stopping.Dispose();
    }

    private async Task Read(Reflector<ServiceObject> services, CancellationToken cancellation)
    {
        await foreach (var change in services.Changes(cancellation))
        {
            switch (change)
            {
                case Change<ServiceObject>.Snapshot snapshot:
                    foreach (var gone in _entries.Keys.Except(snapshot.Items.Select(item => item.Metadata.Uid!)).ToList()) _entries = _entries.Remove(gone);
                    foreach (var item in snapshot.Items) Note(item);
                    break;
                case Change<ServiceObject>.Upsert upsert:
                    Note(upsert.Item);
                    break;
                case Change<ServiceObject>.Delete deleted:
                    _entries = _entries.Remove(deleted.Item.Metadata.Uid!);
                    break;
            }
        }
    }

    private void Note(ServiceObject service)
    {
        var uid = service.Metadata.Uid!;
        var now = new Entry(service.Metadata.Name, service.Status?.LoadBalancer?.Ingress is [{ Ip: { } address }, ..] ? address : null,
            service.Metadata.DeletionTimestamp is not null);
        if (_entries.GetValueOrDefault(uid) is { Address: { } had } && now.Address != had && !now.IsLeaving)
            _lost = _lost.Add($"{now.Name} had {had} and shows {now.Address ?? "nothing"}");
        if (now.Address is not null && _entries.FirstOrDefault(other => other.Key != uid && other.Value.Address == now.Address).Value is { } twin)
            _givenTwice = _givenTwice.Add($"{now.Name} and {twin.Name} show {now.Address}");
        _entries = _entries.SetItem(uid, now);
    }

    /// <param name="IsLeaving">Its deletion is under way.</param>
    private sealed record Entry(string Name, string? Address, bool IsLeaving);
}
