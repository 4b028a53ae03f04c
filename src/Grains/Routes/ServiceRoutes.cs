using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Election;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Routes;
using OrleansLb.Core.Services;

namespace OrleansLb.Grains.Routes;

/// <summary>What one service has told the shared set of routes.</summary>
internal sealed class ServiceRoutes(IGrainFactory grains, ServiceName service, TimeProvider time)
{
    private RoutableService? _told;

    /// <summary>Numbers what is told, from the clock: what this grain said before it lost its memory is outdone as well.</summary>
    private long _word;

    /// <summary>The set has heard of the service from this activation: until then it may know it from an earlier one.</summary>
    private bool _heard;

    /// <summary>There are advertisements, so that it matters what the set knows.</summary>
    private bool _matters;

    /// <summary>An advertisement covers a pool of the service's addresses.</summary>
    public bool IsAdvertised { get; private set; }

    /// <summary>Since when the nodes have been told of routes to the service; null while there are none.</summary>
    public DateTimeOffset? ToldAt { get; private set; }

    /// <summary>Why nodes announce the service by BGP, or why none does.</summary>
    public Reason Reason => Hindrance ?? Reason.Announced;

    public string Message => (Hindrance, _told?.TrafficPolicy) switch
    {
        (Reason.NoEndpoint, _) => "no endpoint of the service can serve, so no node announces it by BGP; see its pods and their readiness.",
        (_, TrafficPolicy.Local) =>
            $"announced by BGP from the nodes with endpoints: {string.Join(", ", _told!.Endpoints.Select(endpoints => endpoints.Node))}.",
        _ => "announced by BGP from every node that an advertisement selects.",
    };

    private Reason? Hindrance => _told is not null && _told.Endpoints.Count == 0
        && (_told.EndpointsElsewhere == 0 || _told.TrafficPolicy == TrafficPolicy.Local) ? Reason.NoEndpoint : null;

    /// <summary>Addresses or configuration changed.</summary>
    public void Settle(ServiceRequest request, EquatableList<Holding> holdings, ClusterConfiguration configuration)
    {
        _matters = configuration.BgpAdvertisements.Count > 0;
        IsAdvertised = configuration.BgpAdvertisements.Any(advertisement =>
            advertisement.ServiceSelectors.Admit(request.Labels)
            && holdings.Any(holding => RouteRules.Advertises(advertisement, holding.Pool, configuration)));
    }

    /// <summary>Tells what is to be announced, if that is news.</summary>
    public Task Tell(ServiceRequest request, EquatableList<Holding> holdings) => Tell(IsAdvertised && holdings.Count > 0
        ? new(service, holdings.Select(holding => new RoutableAddress(holding.Address, holding.Pool)).ToEquatableList(), request.Labels, request.TrafficPolicy,
            request.Endpoints, request.EndpointsElsewhere)
        : null);

    public Task Withdraw()
    {
        (IsAdvertised, _matters) = (false, true); // nobody is left to say it later
        return Tell(null);
    }

    /// <summary>The set may have forgotten what it was told.</summary>
    public async Task Repeat()
    {
        if (_heard) await Say();
    }

    private async Task Tell(RoutableService? routable)
    {
        if (routable == _told && (_heard || !_matters)) return;
        (_told, _heard, _word) = (routable, true, Epoch.Next(_word, time.GetUtcNow()));
        ToldAt = routable is null || Hindrance is not null ? null : ToldAt ?? time.GetUtcNow();
        try
        {
            await Say();
        }
        catch
        {
            _heard = false; // whoever tries again tells it
            throw;
        }
    }

    /// <summary>
    /// A word that is outdone by a later one of this activation is said; one that is outdone by an earlier activation's is said again over it.
    /// </summary>
    private async Task Say()
    {
        while (true)
        {
            var word = _word;
            if (await grains.Routes().Put(service, _told, word) is not { } later || word != _word) return;
            _word = Epoch.Next(later, time.GetUtcNow());
        }
    }
}
