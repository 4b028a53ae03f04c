using System.Collections.Immutable;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Election;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Nodes;
using OrleansLb.Grains.Routes;

namespace OrleansLb.Grains.Services;

/// <summary>Who announces a service, on the segment and by BGP: what elections must know of it, and whether one is due.</summary>
internal sealed class ServicePlacing(ServiceAddresses addresses, ServiceAnnouncer announcer, ServiceRoutes routes, ServiceStopwatch stopwatch)
{
    private EquatableList<Layer2Advertisement> _advertisements = [];
    private ImmutableHashSet<Address> _probed = [];

    /// <summary>The request that the last election was held for; null when another is due. Nodes that change ask for one themselves.</summary>
    private ServiceRequest? _placed;

    /// <summary>Announced by BGP and by no node on the segment.</summary>
    public bool IsRoutedOnly => _advertisements.Count == 0 && routes.IsAdvertised;

    /// <summary>
    /// A service that nobody announces elects whenever it is told of itself: a directory that lost its memory may not know that it waits for a node.
    /// </summary>
    public bool IsPlaced(ServiceRequest request) =>
        _placed is { } placed && (ReferenceEquals(placed, request) || (announcer.Node is not null && request.DiffersByOurWritingFrom(placed)));

    /// <summary>Another election is due, whatever the request says.</summary>
    public void Expire() => _placed = null;

    /// <summary>Addresses or configuration changed.</summary>
    public void Settle(ServiceRequest request, ClusterConfiguration configuration)
    {
        _probed = Probed(configuration);
        _advertisements = Advertising.Of(request, addresses.Holdings, configuration);
        routes.Settle(request, addresses.Holdings, configuration);
    }

    /// <summary>Holds an election and follows it. A service that only routers are told of needs none.</summary>
    public async Task Place(ServiceRequest request)
    {
        var before = announcer.Node;
        if (IsRoutedOnly) await announcer.Withdraw();
        else await announcer.Place(request, addresses.Holdings, _advertisements, _probed);
        _placed = request;
        if (!IsRoutedOnly && announcer.Node != before) GrainsTelemetry.Elected(announcer.Why.Reason);
        if (announcer.Election?.Ahead is { Resumed: false } ahead) stopwatch.Relocated(ahead.At, announcer.AnnouncedAt);
    }

    public Task<bool> Improve(ServiceRequest request) => announcer.Improve(request, addresses.Holdings, _advertisements);

    public Task<MoveOutcome> Move(NodeName to, ServiceRequest request) => announcer.Move(to, request, addresses.Holdings, _advertisements);

    public Task TellRoutes(ServiceRequest request) => routes.Tell(request, addresses.Holdings);

    /// <summary>Nobody is to announce the service any more.</summary>
    public Task Withdraw() => Task.WhenAll(announcer.Withdraw(), routes.Withdraw());

    /// <summary>Addresses that were never used, of pools that want to know whether somebody else does.</summary>
    private ImmutableHashSet<Address> Probed(ClusterConfiguration configuration) => [.. addresses.Holdings
        .Where(holding =>
            addresses.Fresh.Contains(holding.Address) && configuration.Pools.FirstOrDefault(pool => pool.Name == holding.Pool)?.Conflicts.Probe == true)
        .Select(holding => holding.Address)];
}
