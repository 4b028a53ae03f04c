using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Watching;

namespace OrleansLb.Kubernetes.Membership;

/// <summary>Tells when the table of silos changes: a hint to read it, for a watch may be behind.</summary>
public sealed class SiloTableWatch(ApiClient client, SiloTableStore store, Random random, TimeProvider time, ILogger logger)
{
    /// <summary>The version of the table after each change that was seen; yields until cancelled.</summary>
    public async IAsyncEnumerable<int> Versions([EnumeratorCancellation] CancellationToken cancellation)
    {
        var query = new ListQuery { Namespace = store.Namespace, FieldSelector = $"metadata.name={store.Name}" };
        var reflector = new Reflector<SiloClusterObject>(client, SiloClusterObject.Type, query, new ReflectorOptions(), random, time, logger);
        await foreach (var change in reflector.Changes(cancellation))
        {
            var seen = change switch
            {
                Change<SiloClusterObject>.Snapshot snapshot => snapshot.Items is [var only, ..] ? only : null,
                Change<SiloClusterObject>.Upsert upsert => upsert.Item,
                _ => null,
            };
            if (seen?.Spec is { } spec) yield return spec.Version;
        }
    }
}
