using System.Runtime.CompilerServices;
using OrleansLb.Core;

namespace OrleansLb.Client;

/// <summary>Follows the Services of a cluster.</summary>
public static class ServiceFollowing
{
    /// <summary>
    /// Every Service as it is, and then each change as it happens, until cancelled. Nothing is missed for good: after a silo died, or the cluster could not be
    /// reached, what changed meanwhile follows; changes of one Service in quick succession may come as one.
    /// </summary>
    public static async IAsyncEnumerable<ServiceChange> FollowServices(this IGrainFactory grains, TimeProvider? time = null,
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(grains);
        await using var follower = new ServiceFollower(grains, time ?? TimeProvider.System);
        while (!cancellation.IsCancellationRequested)
        {
            foreach (var change in await follower.Next(cancellation)) yield return change;
        }
    }

    /// <summary>Waits until a Service is as wanted and returns it then, for instance until it has an address that is announced.</summary>
    public static async Task<ServiceState> WaitFor(this IGrainFactory grains, ServiceName service, Predicate<ServiceState> wanted, TimeProvider? time = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        await foreach (var change in grains.FollowServices(time, cancellation))
        {
            if (change.Service == service && change.State is { } state && wanted(state)) return state;
        }
        throw new OperationCanceledException(cancellation);
    }
}
