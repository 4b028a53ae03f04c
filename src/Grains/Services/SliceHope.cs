using OrleansLb.Core.Services;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Services;

/// <summary>
/// That a new service has endpoints although the cluster has not made its EndpointSlice yet: so it is announced with its first write, and told of once. One
/// that was known before, or is without a slice for too long, is judged by the slices that there are.
/// </summary>
internal sealed class SliceHope(Patience patience, TimeSpan wait)
{
    private bool? _isNew;

    /// <summary>The request as it is to be served.</summary>
    public ServiceRequest Judge(ServiceRequest request)
    {
        _isNew ??= request.Held.Count == 0;
        if (!request.EndpointsAwaited) End();
        return !request.EndpointsAwaited || (_isNew == true && request.TrafficPolicy == TrafficPolicy.Cluster && patience.Lasts(wait))
            ? request
            : request with { EndpointsAwaited = false };
    }

    public void End()
    {
        _isNew = false;
        patience.End();
    }
}
