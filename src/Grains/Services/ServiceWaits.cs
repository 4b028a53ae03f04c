using Orleans.Runtime;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Services;

/// <summary>
/// What is waited for a while before a service is told of, so that one write tells all: its announcement, its first endpoint, its EndpointSlice.
/// </summary>
/// <param name="after">Does something later, in a turn of the grain that this belongs to.</param>
/// <param name="run">A run of the service, which comes when a wait is over.</param>
internal sealed class ServiceWaits(Func<TimeSpan, Func<Task>, IGrainTimer> after, Func<Task> run, ServiceOptions options)
{
    private readonly Patience _announcement = new(after, run);
    private readonly Patience _endpoint = new(after, run);
    private readonly SliceHope _slice = new(new(after, run), options.FirstSliceWait);

    /// <summary>The request as it is to be served meanwhile.</summary>
    public ServiceRequest Judge(ServiceRequest request) => _slice.Judge(request);

    /// <summary>True while nothing is to be told of the service: what is waited for brings a run, and so does the end of the wait.</summary>
    /// <param name="awaitsEndpoint">It is new, and has no endpoint yet.</param>
    /// <param name="isUnderWay">A node has been told to announce it, and has not yet.</param>
    public bool Last(ServiceRequest request, bool awaitsEndpoint, bool isUnderWay)
    {
        if (awaitsEndpoint ? _endpoint.Lasts(options.FirstEndpointsWait) : isUnderWay && _announcement.Lasts(options.WaitFor(request))) return true;
        _announcement.End();
        _endpoint.End();
        return false;
    }

    /// <summary>There is nothing to wait for any more.</summary>
    public void End()
    {
        _announcement.End();
        _endpoint.End();
        _slice.End();
    }
}
