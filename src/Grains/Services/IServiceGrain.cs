using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Services;

namespace OrleansLb.Grains.Services;

/// <summary>Owns one service's addresses and who announces them; keyed by namespace/name.</summary>
[Alias("orleanslb.IServiceGrain")]
public interface IServiceGrain : IGrainWithStringKey
{
    /// <summary>What the service asks for now. Done when it is decided, assigned and written.</summary>
    [Alias("Observe")]
    Task Observe(ServiceRequest request);

    /// <summary>The service is deleted. Done when its addresses are released.</summary>
    [Alias("Gone")]
    Task Gone(string uid);

    /// <summary>Nodes changed: the election is held again, at once.</summary>
    [Alias("NodesChanged")]
    Task NodesChanged(ClusterView view);

    /// <summary>Configuration or pools changed: everything is decided again. Answers before it is.</summary>
    [Alias("Reconsider")]
    Task Reconsider();

    /// <summary>The first announcement of the address has left from the node.</summary>
    [Alias("Announced")]
    Task Announced(NodeName node, Address address, long epoch, DateTimeOffset at);

    [Alias("Explain")]
    Task<ServiceExplanation> Explain();

    [Alias("Status")]
    Task<ServiceSummary> Status();
}
