using OrleansLb.Core.Addressing;
using OrleansLb.Core.Routes;

namespace OrleansLb.Core.Announcements;

/// <summary>
/// The routes of a node's plan as its speaker follows it. A plan that begins anew may be that of a grain that lost its memory and knows nothing yet: what was
/// announced before stands until the plan speaks of it, or is complete and does not.
/// </summary>
public sealed class FollowedRoutes
{
    private readonly Dictionary<Prefix, PrefixRoute> _routes = [];

    /// <summary>Routes that the plan has not spoken of since it began anew.</summary>
    private readonly HashSet<Prefix> _unconfirmed = [];

    public int Count => _routes.Count;

    public IEnumerable<PrefixRoute> All => _routes.Values;

    /// <summary>The plan holds every route that there is.</summary>
    public bool Complete { get; private set; }

    /// <summary>A whole plan has come; what it says of routes, if anything, is taken as a step next.</summary>
    public void Begin()
    {
        _unconfirmed.UnionWith(_routes.Keys);
        Complete = false;
    }

    /// <summary>Answers what is other than before: what the step tells that was not known, and what goes unsaid.</summary>
    public RouteChange Take(BgpStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        Complete = step.Complete;
        var announced = step.Routes.Announce.Where(route => _routes.GetValueOrDefault(route.Prefix) != route).ToEquatableList();
        _routes.EnsureCapacity(_routes.Count + announced.Count);
        foreach (var route in announced) _routes[route.Prefix] = route;
        foreach (var route in step.Routes.Announce) _unconfirmed.Remove(route.Prefix);
        var withdrawn = Gone(step).Where(_routes.Remove).ToEquatableList();
        _unconfirmed.ExceptWith(withdrawn);
        if (_routes.Count == 0) _routes.Clear(); // an emptied dictionary fills its gaps from behind, and what came in order would not go out in order
        return new(announced, withdrawn);
    }

    private EquatableList<Prefix> Gone(BgpStep step) =>
        step.Peers is { Count: 0 } ? [.. _routes.Keys]
        : step.Complete ? [.. step.Routes.Withdraw, .. _unconfirmed]
        : step.Routes.Withdraw;
}
