using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Leases;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Membership;

/// <summary>
/// When silos last said that they live: one Lease for each, so that their words neither conflict with each other nor wake those who watch the table.
/// </summary>
internal sealed class SiloHeartbeats(ApiClient client, MembershipOptions options, string cluster)
{
    public const string ClusterLabel = "orleanslb.io/silo-cluster";
    private const string PodAnnotation = "orleanslb.io/pod";
    private const string PodUidAnnotation = "orleanslb.io/pod-uid";
    private const int PageSize = 500;

    /// <summary>The last word of each silo, by address.</summary>
    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> Read(CancellationToken cancellation)
    {
        var heartbeats = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var lease in await Leases(cluster, cancellation))
        {
            if (lease.Spec is { HolderIdentity: { } silo, RenewTime: { } time }) heartbeats[silo] = time.Value;
        }
        return heartbeats;
    }

    /// <summary>The pod of each silo that runs in one, by address.</summary>
    public async Task<IReadOnlyDictionary<string, PodIdentity>> Pods(CancellationToken cancellation)
    {
        var pods = new Dictionary<string, PodIdentity>(StringComparer.Ordinal);
        foreach (var lease in await Leases(cluster, cancellation))
        {
            if (lease is { Spec.HolderIdentity: { } silo, Metadata.Annotations: { } notes } && notes.TryGetValue(PodAnnotation, out var name)
                && notes.TryGetValue(PodUidAnnotation, out var uid))
            {
                pods[silo] = new(name, uid);
            }
        }
        return pods;
    }

    /// <summary>Unconditional: nobody else writes it, and an earlier word never comes after a later one.</summary>
    public async Task Beat(string silo, DateTimeOffset now, CancellationToken cancellation)
    {
        var name = MembershipNames.OfHeartbeat(cluster, silo);
        var renewal = Patch.Merge(new JsonObject { ["spec"] = new JsonObject { ["renewTime"] = new MicroTime(now).ToString() } });
        try
        {
            await client.Patch(LeaseObject.Type, new ObjectPath(options.Namespace, name), renewal, cancellation);
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
        {
            await client.Create(LeaseObject.Type, First(name, silo, now), cancellation);
        }
    }

    /// <summary>Removes the last words that are from before <paramref name="date"/> and of silos that the table no longer has.</summary>
    public async Task Prune(EquatableList<SiloRow> rows, DateTimeOffset date, CancellationToken cancellation)
    {
        var known = rows.Select(row => row.Address).ToHashSet(StringComparer.Ordinal);
        foreach (var lease in await Leases(cluster, cancellation))
        {
            if (lease.Spec is { HolderIdentity: { } silo, RenewTime: { } time } && (known.Contains(silo) || time.Value >= date)) continue;
            await Remove(lease, cancellation);
        }
    }

    /// <summary>Removes those of a whole cluster.</summary>
    public async Task RemoveAll(string ofCluster, CancellationToken cancellation)
    {
        foreach (var lease in await Leases(ofCluster, cancellation)) await Remove(lease, cancellation);
    }

    private async Task<List<LeaseObject>> Leases(string ofCluster, CancellationToken cancellation)
    {
        var leases = new List<LeaseObject>();
        var page = new ListQuery { Namespace = options.Namespace, LabelSelector = $"{ClusterLabel}={ofCluster}", Limit = PageSize };
        while (true)
        {
            var list = await client.List(LeaseObject.Type, page, cancellation);
            leases.AddRange(list.Items ?? []);
            if (string.IsNullOrEmpty(list.Metadata.Continue)) return leases;
            page = page with { Continue = list.Metadata.Continue };
        }
    }

    private async Task Remove(LeaseObject lease, CancellationToken cancellation)
    {
        try
        {
            await client.Delete(LeaseObject.Type.Resource, new ObjectPath(options.Namespace, lease.Metadata.Name), default, cancellation);
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
        {
            // Another silo was faster.
        }
    }

    private Dictionary<string, string>? Notes => options.Pod is { } pod ? new() { [PodAnnotation] = pod.Name, [PodUidAnnotation] = pod.Uid } : null;

    private LeaseObject First(string name, string silo, DateTimeOffset now) => new()
    {
        Metadata = new() { Namespace = options.Namespace, Name = name, Labels = new() { [ClusterLabel] = cluster }, Annotations = Notes },
        Spec = new() { HolderIdentity = silo, AcquireTime = new(now), RenewTime = new(now) },
    };
}
