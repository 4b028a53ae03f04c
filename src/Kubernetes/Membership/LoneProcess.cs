using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Access;
using OrleansLb.Kubernetes.Client.Leases;
using OrleansLb.Kubernetes.Client.Resources;

namespace OrleansLb.Kubernetes.Membership;

/// <summary>
/// The sign of life of a process that serves its cluster alone: one Lease for its node, beside those of silos. By these it finds whoever serves the same
/// cluster besides: such processes know nothing of each other, and overwrite what the others show.
/// </summary>
public sealed class LoneProcess
{
    private const string NodeAnnotation = "orleanslb.io/node";

    /// <summary>Who has not been heard for so long is gone: silos and lone processes renew their Leases every 5 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly ApiClient _client;
    private readonly MembershipOptions _options;
    private readonly MembershipFaults _faults;
    private readonly TimeProvider _time;
    private readonly string _node;
    private readonly string _cluster;
    private readonly string _name;
    private readonly string _identity;
    private readonly Dictionary<string, (string Who, long At)> _heard = new(StringComparer.Ordinal);
    private Dictionary<string, string?>? _versions;

    /// <summary>Null, all of them, until that is refused.</summary>
    private string? _looksIn;
    private LeaseObject? _written;

    public LoneProcess(ApiClient client, MembershipOptions options, string node, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        (_client, _options, _faults, _time, _node) = (client, options, new(options, time), time, node);
        _cluster = MembershipNames.OfCluster(options.ServiceId, options.ClusterId);
        _name = MembershipNames.OfHeartbeat(_cluster, $"alone/{node}");
        _identity = $"{node}/{Guid.NewGuid():n}";
    }

    /// <summary>
    /// Says that it lives, and answers who else has since the look before, by name; so the first answers nobody. To be called every 5 s. An outage or a missing
    /// right is a <see cref="RecordUnavailableException"/> or a <see cref="TimeoutException"/>.
    /// </summary>
    public async Task<EquatableList<string>> Look(CancellationToken cancellation)
    {
        Compare(await _faults.Bound(Need("list"), Leases, cancellation));
        _written = await _faults.Bound(Need("patch"), Beat, cancellation);
        return _heard.Values.Where(other => _time.GetElapsedTime(other.At) < Patience).Select(other => other.Who)
            .Order(StringComparer.Ordinal).ToEquatableList();
    }

    /// <summary>Takes its sign of life away, unless another process of the node has put its own in its place.</summary>
    public async Task Leave(CancellationToken cancellation)
    {
        if (_written is not { } written) return;
        await _faults.Bound(Need("delete"), async stop =>
        {
            try
            {
                var condition = new Preconditions(ResourceVersion: written.Metadata.ResourceVersion);
                await _client.Delete(LeaseObject.Type.Resource, new ObjectPath(_options.Namespace, _name), condition, stop);
            }
            catch (ApiException refusal) when (refusal.IsConflict || refusal.Reason == ApiReason.NotFound)
            {
                // It is another's by now, or gone.
            }
            return true;
        }, cancellation);
    }

    /// <summary>Clocks differ and the dead leave their Leases behind: who lives is who has written since.</summary>
    private void Compare(List<LeaseObject> leases)
    {
        var versions = leases.ToDictionary(Place, lease => lease.Metadata.ResourceVersion, StringComparer.Ordinal);
        foreach (var lease in leases)
        {
            if (_versions is null || _versions.GetValueOrDefault(Place(lease)) == lease.Metadata.ResourceVersion) continue;
            if (lease.Spec?.HolderIdentity is { Length: > 0 } holder && holder != _identity) _heard[Place(lease)] = (NameOf(lease, holder), _time.GetTimestamp());
        }
        _versions = versions;
    }

    private async Task<List<LeaseObject>> Leases(CancellationToken cancellation)
    {
        var query = new ListQuery { Namespace = _looksIn, LabelSelector = $"{SiloHeartbeats.ClusterLabel}={_cluster}" };
        try
        {
            return (await _client.List(LeaseObject.Type, query, cancellation)).Items ?? [];
        }
        catch (ApiException refusal) when (refusal.Lacks is not null && _looksIn is null)
        {
            _looksIn = _options.Namespace; // most that serve the same cluster are there
            return await Leases(cancellation);
        }
    }

    private async Task<LeaseObject> Beat(CancellationToken cancellation)
    {
        var now = new MicroTime(_time.GetUtcNow());
        var spec = new JsonObject { ["holderIdentity"] = _identity, ["renewTime"] = now.ToString() };
        try
        {
            return await _client.Patch(LeaseObject.Type, new ObjectPath(_options.Namespace, _name), Patch.Merge(new JsonObject { ["spec"] = spec }), cancellation);
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
        {
            return await First(now, cancellation);
        }
    }

    private async Task<LeaseObject> First(MicroTime now, CancellationToken cancellation)
    {
        try
        {
            return await _client.Create(LeaseObject.Type, new LeaseObject
            {
                Metadata = new()
                {
                    Namespace = _options.Namespace, Name = _name, Labels = new() { [SiloHeartbeats.ClusterLabel] = _cluster },
                    Annotations = new() { [NodeAnnotation] = _node },
                },
                Spec = new() { HolderIdentity = _identity, AcquireTime = now, RenewTime = now },
            }, cancellation);
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
        {
            throw new RecordUnavailableException($"there is no namespace {_options.Namespace}, in which this process would say that it lives.", refusal);
        }
    }

    private static string NameOf(LeaseObject lease, string holder) =>
        lease.Metadata.Annotations?.GetValueOrDefault(NodeAnnotation) is { } node ? $"the process of node {node}" : $"silo {holder}";

    private static string Place(LeaseObject lease) => $"{lease.Metadata.Namespace}/{lease.Metadata.Name}";

    private AccessNeed Need(string verb) => new(verb, LeaseObject.Type.Resource.Group, LeaseObject.Type.Resource.Plural, _options.Namespace);
}
