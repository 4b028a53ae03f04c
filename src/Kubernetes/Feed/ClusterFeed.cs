using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using OrleansLb.Core.Ports;
using OrleansLb.Kubernetes.Client;
using OrleansLb.Kubernetes.Client.Watching;
using OrleansLb.Kubernetes.Dialects.Services;
using OrleansLb.Kubernetes.Objects;
using OrleansLb.Kubernetes.Records;

namespace OrleansLb.Kubernetes.Feed;

/// <summary>One set of watches for the whole cluster, as one stream of changes in the words of the model.</summary>
public sealed class ClusterFeed(
    ApiClient client, ServiceRules rules, ServiceCache cache, AcceptedForms forms, Random random, TimeProvider time, ILogger<ClusterFeed> logger) : IClusterFeed
{
    /// <summary>What the watches may read ahead of the consumer, and the most that is taken in before it is told what changed.</summary>
    private const int ReadAhead = 1024;

    public async IAsyncEnumerable<ClusterChange> Changes([EnumeratorCancellation] CancellationToken cancellation)
    {
        var inputs = Channel.CreateBounded<FeedInput>(new BoundedChannelOptions(ReadAhead) { SingleReader = true });
        await using var watches = new WatchSet(client, inputs.Writer, new ReflectorOptions(), random, time, logger);
        cache.Clear();
        var state = new FeedState(rules, cache, forms);
        Start(watches);
        while (await inputs.Reader.WaitToReadAsync(cancellation))
        {
            for (var taken = 0; taken < ReadAhead && inputs.Reader.TryRead(out var input); taken++)
            {
                state.Apply(input);
                if (input is FeedInput.Definitions or FeedInput.Forms) await Follow(watches, state);
            }
            if (state.WantsSecrets)
            {
                watches.Start(ResourceTypes.Secrets, new ListQuery { FieldSelector = "type=kubernetes.io/basic-auth" }, change => new FeedInput.Secrets(change),
                    isOptional: true);
            }
            foreach (var change in state.Drain()) yield return change;
        }
    }

    /// <summary>
    /// Claims are asked for although it is not known yet whether the cluster has the kind: there are many, and nothing can be served before they are read.
    /// </summary>
    private static void Start(WatchSet watches)
    {
        watches.Start(ResourceTypes.AddressClaims, new ListQuery(), change => new FeedInput.Claims(change));
        watches.Start(ResourceTypes.Definitions, new ListQuery(), change => new FeedInput.Definitions(change));
        watches.Start(ResourceTypes.Nodes, new ListQuery(), change => new FeedInput.Nodes(change));
        watches.Start(ResourceTypes.Namespaces, new ListQuery(), change => new FeedInput.Namespaces(change));
        watches.Start(ResourceTypes.EndpointSlices, new ListQuery { LabelSelector = "kubernetes.io/service-name" }, change => new FeedInput.Slices(change));
        watches.Start(ResourceTypes.Services, new ListQuery(), change => new FeedInput.Services(change));
    }

    /// <summary>Watches the kinds that the cluster serves now, and no others.</summary>
    private static async Task Follow(WatchSet watches, FeedState state)
    {
        foreach (var resource in state.Served)
        {
            // MetalLB's ConfigMap bears one of two names, which a field selector cannot say; its namespace holds little else.
            // Few clusters have it still, and the right to read it is granted there only.
            var isLegacy = resource == ResourceTypes.ConfigMaps.Resource;
            var query = isLegacy ? new ListQuery { Namespace = "metallb-system" } : new ListQuery();
            watches.Start(ResourceTypes.Custom(resource), query, change => new FeedInput.Configuration(resource, change), isOptional: isLegacy);
        }
        foreach (var resource in watches.Resources.Where(Dialects.DialectCatalog.Resources.Contains).Except(state.Served).ToList())
            await watches.Stop(resource);
        if (state.ServesClaims) watches.Start(ResourceTypes.AddressClaims, new ListQuery(), change => new FeedInput.Claims(change));
        else await watches.Stop(ResourceTypes.AddressClaims.Resource);
        if (state.WantsForms) watches.Start(ResourceTypes.AcceptedForms, new ListQuery(), change => new FeedInput.Forms(change), isOptional: true);
        else await watches.Stop(ResourceTypes.AcceptedForms.Resource);
    }
}
