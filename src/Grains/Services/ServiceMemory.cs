using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Services;

namespace OrleansLb.Grains.Services;

/// <summary>Takes up, once in an activation, what a service had before.</summary>
internal sealed class ServiceMemory(IGrainFactory grains, ServiceName service, ServiceAddresses addresses, ServiceAnnouncer announcer)
{
    /// <summary>All that was known is known again.</summary>
    public bool IsComplete { get; private set; }

    /// <summary>What others know of the service, while that is news; null: they are asked.</summary>
    public ServiceTraces? Traces { get; set; }

    public async Task Recall(ServiceRequest request, ClusterConfiguration configuration)
    {
        if (IsComplete) return;
        await addresses.Recall(request, configuration, Traces);
        await RecallAnnouncer(request);
        IsComplete = true;
    }

    /// <summary>For a service that is to have no address any more, the announcer is all there is to know.</summary>
    public async Task RecallAnnouncer(ServiceRequest request)
    {
        if (IsComplete || Traces is { Unserved: true }) return;
        if (await grains.ServiceIndex().Find(service) is { } known && known.Uid == request.Uid) announcer.Recall(known);
    }
}
