using OrleansLb.Core;
using OrleansLb.Core.Routes;

namespace OrleansLb.Grains.Routes;

/// <summary>Owns the one set of services that all nodes build their BGP routes from; a cluster has one.</summary>
[Alias("orleanslb.IRouteGrain")]
public interface IRouteGrain : IGrainWithStringKey
{
    /// <summary>
    /// The service as it is now; null when nothing is to be announced for it. Nodes hear of it soon after. Answers null when it was taken; else the service has said
    /// something else since, or an activation of its grain before this one has, and this is the number of that word.
    /// </summary>
    /// <param name="word">Rises with what the service says: calls need not come in the order in which they were made.</param>
    [Alias("Put")]
    Task<long?> Put(ServiceName service, RoutableService? routable, long word);

    /// <summary>What changed since the position that the node has; the node is told of later changes from then on.</summary>
    [Alias("Since")]
    Task<RouteSetStep> Since(NodeName node, RouteSetPosition position);

    /// <summary>The services are about to be read. It is there before they are, for those that it finds it has to ask one by one.</summary>
    [Alias("Begin")]
    Task Begin();

    /// <summary>Every service has told its part since the cluster started.</summary>
    [Alias("Completed")]
    Task Completed();

    /// <summary>The live configuration changed: every node builds its routes anew.</summary>
    [Alias("ConfigurationChanged")]
    Task ConfigurationChanged(long version);
}
