using System.Runtime.CompilerServices;
using OrleansLb.Core.Ports;

namespace OrleansLb.Grains.Tests.Harness;

/// <summary>A feed that never gets to the services, for tests that speak to pools themselves.</summary>
public sealed class FeedWithoutServices(IClusterFeed feed) : IClusterFeed
{
    public async IAsyncEnumerable<ClusterChange> Changes([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var change in feed.Changes(cancellation))
        {
            if (change is not (ClusterChange.ServicesRead or ClusterChange.ServiceChanged)) yield return change;
        }
    }
}
