using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Access;
using OrleansLb.Kubernetes.Client.Resources;
using OrleansLb.Kubernetes.Client.Watching;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Membership;

/// <summary>Finds silos whose pod is gone: nobody needs to wait until such a silo misses its probes.</summary>
public sealed class PodWatch(ApiClient client, SiloTableStore store, Random random, TimeProvider time, ILogger logger)
{
    private const string Selector = "app.kubernetes.io/name=orleanslb";

    public static IEnumerable<AccessNeed> Needs(string ns) => [new("get", "", "pods", ns), new("list", "", "pods", ns), new("watch", "", "pods", ns)];

    /// <summary>The addresses of silos that the table has as living and whose pod has ended or is gone; yields until cancelled.</summary>
    public async IAsyncEnumerable<string> Orphans([EnumeratorCancellation] CancellationToken cancellation)
    {
        var reflector = new Reflector<PodObject>(client, ResourceTypes.Pods, new ListQuery { Namespace = store.Namespace, LabelSelector = Selector },
            new ReflectorOptions(), random, time, logger);
        await foreach (var change in reflector.Changes(cancellation))
        {
            if (change is Change<PodObject>.Upsert { Item.HasEnded: false }) continue;
            foreach (var silo in await Find(cancellation)) yield return silo;
        }
    }

    /// <summary>A watch may be behind, so each pod is asked for by its name.</summary>
    private async Task<List<string>> Find(CancellationToken cancellation)
    {
        List<string> orphans = [];
        try
        {
            var table = await store.Read(cancellation);
            var pods = await store.Pods(cancellation);
            foreach (var row in table.Rows.Where(row => row.Status != "Dead"))
            {
                if (pods.GetValueOrDefault(row.Address) is { } pod && await IsGone(pod, cancellation)) orphans.Add(row.Address);
            }
        }
        catch (Exception fault) when (ApiFaults.IsExpected(fault) || fault is RecordUnavailableException or TimeoutException)
        {
            logger.PodsNotCompared(fault.Message); // the next change of a pod, or the probes, will tell
        }
        return orphans;
    }

    private async Task<bool> IsGone(PodIdentity pod, CancellationToken cancellation)
    {
        try
        {
            var found = await client.Get(ResourceTypes.Pods, store.Namespace, pod.Name, cancellation);
            return found.HasEnded || found.Metadata.Uid != pod.Uid;
        }
        catch (ApiException refusal) when (refusal.Reason == ApiReason.NotFound)
        {
            return true;
        }
    }
}
