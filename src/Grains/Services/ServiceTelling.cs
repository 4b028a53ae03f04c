using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Routes;

namespace OrleansLb.Grains.Services;

/// <summary>What is told of a service: what it has, who announces it, and why not otherwise.</summary>
internal sealed class ServiceTelling(ServiceName service, ServiceAddresses addresses, ServiceAnnouncer announcer, ServiceRoutes routes, ServicePlacing placing,
    ServiceRecord record, ConflictMemory conflicts)
{
    private static readonly (Reason Reason, string Message) NothingToAnnounce = (Reason.NoAddress, "it has no address that could be announced.");

    /// <summary>Why that node announces it, or why none does.</summary>
    private (Reason Reason, string Message) Why =>
        addresses.Holdings.Count == 0 ? NothingToAnnounce : placing.IsRoutedOnly ? (routes.Reason, routes.Message) : announcer.Why;

    public ServiceSummary Summarize(ServiceRequest request) => new(
        service, request.Uid,
        addresses.Holdings.Select(holding => holding.Address).ToEquatableList(),
        addresses.Holdings.Select(holding => holding.Pool).Distinct().ToEquatableList(),
        addresses.Reason, addresses.Message,
        announcer.Node, announcer.Assignments, placing.IsRoutedOnly ? routes.ToldAt : announcer.AnnouncedAt,
        Why.Reason, Why.Message,
        conflicts.Message,
        addresses.Lacks);

    public ServiceExplanation Explain(ServiceRequest request, ClusterConfiguration configuration)
    {
        var rejected = addresses.Rejected.Concat(PoolAlternatives.Of(request, configuration, addresses.Holdings, addresses.Rejected)).ToEquatableList();
        var election = announcer.Election;
        return new(
            Summarize(request), rejected, election?.Rejected ?? [], election?.Candidates.Select(candidate => candidate.Node).ToEquatableList() ?? [],
            record.History, election?.Others.ToEquatableList() ?? []);
    }
}
