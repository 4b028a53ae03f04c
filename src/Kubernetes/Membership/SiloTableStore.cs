using System.Text.Json;
using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Access;
using OrleansLb.Kubernetes.Client.Leases;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Membership;

/// <summary>
/// The table of silos in the Kubernetes API. Every write is a compare-and-swap on the object's resourceVersion; an outage or a missing right is a
/// <see cref="RecordUnavailableException"/> or a <see cref="TimeoutException"/>.
/// </summary>
public sealed class SiloTableStore
{
    /// <summary>Pruning meets other writers; what it does not get done now is done the next time.</summary>
    private const int PruneAttempts = 5;

    private readonly ApiClient _client;
    private readonly MembershipOptions _options;
    private readonly MembershipFaults _faults;
    private readonly SiloHeartbeats _heartbeats;
    private SiloTable? _last;

    public SiloTableStore(ApiClient client, MembershipOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_client, _options) = (client, options);
        Name = MembershipNames.OfCluster(options.ServiceId, options.ClusterId);
        _faults = new(options, time);
        _heartbeats = new(client, options, Name);
    }

    public string Namespace => _options.Namespace;

    /// <summary>The name of the cluster's object.</summary>
    public string Name { get; }

    /// <summary>What the service account must be allowed.</summary>
    public static IEnumerable<AccessNeed> Needs(string ns) =>
    [
        Table("get", ns), Table("list", ns), Table("watch", ns), Table("create", ns), Table("patch", ns),
        Lease("list", ns), Lease("create", ns), Lease("patch", ns), Lease("delete", ns),
        .. PodWatch.Needs(ns),
    ];

    /// <summary>Makes the cluster's object unless somebody else has.</summary>
    public Task Create(CancellationToken cancellation) => _faults.Bound(Table("create", _options.Namespace), async stop =>
    {
        try
        {
            return await _client.Get(SiloClusterObject.Type, _options.Namespace, Name, stop);
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
        {
            return await CreateOrGet(stop);
        }
    }, cancellation);

    /// <summary>The newest state: rows and version from one object, with the silos' last words.</summary>
    public async Task<SiloTable> Read(CancellationToken cancellation)
    {
        var heartbeats = _faults.Bound(Lease("list", _options.Namespace), _heartbeats.Read, cancellation);
        var table = _faults.Bound(Table("get", _options.Namespace), ReadTable, cancellation);
        await Task.WhenAll(heartbeats, table);
        return (await table).With(await heartbeats);
    }

    /// <summary>Writes what <paramref name="change"/> makes of the table; false when it makes nothing of it, or another write was first.</summary>
    /// <param name="etag">The etag of the table that the caller read.</param>
    public Task<bool> Write(string etag, Func<SiloTable, SiloTable?> change, CancellationToken cancellation) =>
        _faults.Bound(Table("patch", _options.Namespace), async stop =>
    {
        ArgumentNullException.ThrowIfNull(change);
        // What was read last need not be read again: should it be old, the write itself is refused.
        var standing = _last is { } last && last.Etag == etag ? last : await ReadTable(stop);
        return change(standing) is { } next && await Replace(next, stop);
    }, cancellation);

    /// <summary>The pods of the silos that run in one, by the silo's address.</summary>
    public Task<IReadOnlyDictionary<string, PodIdentity>> Pods(CancellationToken cancellation) =>
        _faults.Bound(Lease("list", _options.Namespace), _heartbeats.Pods, cancellation);

    /// <summary>Takes note that a silo lives.</summary>
    public Task Beat(string silo, DateTimeOffset now, CancellationToken cancellation) => _faults.Bound(Lease("patch", _options.Namespace), async stop =>
    {
        await _heartbeats.Beat(silo, now, stop);
        return true;
    }, cancellation);

    /// <summary>
    /// Removes the rows that <paramref name="isDefunct"/> names, judged with the silos' last words, and words of before
    /// <paramref name="date"/> that belong to no row.
    /// </summary>
    public async Task Prune(Func<SiloRow, bool> isDefunct, DateTimeOffset date, CancellationToken cancellation)
    {
        for (var attempt = 0; attempt < PruneAttempts; attempt++)
        {
            var table = await Read(cancellation);
            var defunct = table.Rows.Where(isDefunct).Select(row => row.Address).ToHashSet(StringComparer.Ordinal);
            if (defunct.Count > 0 && !await Write(table.Etag, standing => standing.Without(row => defunct.Contains(row.Address)), cancellation)) continue;
            var kept = table.Rows.Where(row => !defunct.Contains(row.Address)).ToEquatableList();
            await _faults.Bound(Lease("delete", _options.Namespace), async stop => { await _heartbeats.Prune(kept, date, stop); return true; }, cancellation);
            return;
        }
    }

    /// <summary>Removes all that is kept of a cluster of this service.</summary>
    public Task Delete(string clusterId, CancellationToken cancellation) => _faults.Bound(Table("delete", _options.Namespace), async stop =>
    {
        var name = MembershipNames.OfCluster(_options.ServiceId, clusterId);
        try
        {
            await _client.Delete(SiloClusterObject.Type.Resource, new ObjectPath(_options.Namespace, name), default, stop);
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
        {
            // It never was, or is gone already.
        }
        await _heartbeats.RemoveAll(name, stop);
        return true;
    }, cancellation);

    private async Task<SiloTable> ReadTable(CancellationToken cancellation)
    {
        var found = await _client.Get(SiloClusterObject.Type, _options.Namespace, Name, cancellation);
        if (found.Spec is not { } spec || spec.ServiceId != _options.ServiceId || spec.ClusterId != _options.ClusterId)
        {
            throw new RecordUnavailableException($"the {SiloClusterObject.Type.Resource} '{Name}' in namespace {_options.Namespace} is not that of cluster "
                + $"'{_options.ClusterId}' of service '{_options.ServiceId}'.");
        }
        return _last = new(spec.Version, found.Metadata.ResourceVersion ?? "", (spec.Silos ?? []).ToEquatableList());
    }

    private async Task<SiloClusterObject> CreateOrGet(CancellationToken cancellation)
    {
        var empty = new SiloClusterObject
        {
            Metadata = new() { Namespace = _options.Namespace, Name = Name },
            Spec = new() { ServiceId = _options.ServiceId, ClusterId = _options.ClusterId },
        };
        try
        {
            return await _client.Create(SiloClusterObject.Type, empty, cancellation);
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.AlreadyExists)
        {
            return await _client.Get(SiloClusterObject.Type, _options.Namespace, Name, cancellation);
        }
    }

    private async Task<bool> Replace(SiloTable next, CancellationToken cancellation)
    {
        var rows = JsonSerializer.SerializeToNode(next.Rows.ToList(), MembershipJson.Default.ListSiloRow);
        var patch = Patch.Merge(new JsonObject
        {
            ["metadata"] = new JsonObject { ["resourceVersion"] = next.Etag },
            ["spec"] = new JsonObject { ["version"] = next.Version, ["silos"] = rows },
        });
        try
        {
            var written = await _client.Patch(SiloClusterObject.Type, new ObjectPath(_options.Namespace, Name), patch, cancellation);
            _last = next with { Etag = written.Metadata.ResourceVersion ?? "" };
            return true;
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.Conflict)
        {
            return false;
        }
    }

    private static AccessNeed Table(string verb, string ns) => new(verb, SiloClusterObject.Type.Resource.Group, SiloClusterObject.Type.Resource.Plural, ns);

    private static AccessNeed Lease(string verb, string ns) => new(verb, LeaseObject.Type.Resource.Group, LeaseObject.Type.Resource.Plural, ns);
}
