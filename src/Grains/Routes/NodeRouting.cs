using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Routes;
using OrleansLb.Grains.Nodes;

namespace OrleansLb.Grains.Routes;

/// <summary>What a refresh of a node's routes found.</summary>
/// <param name="Known">The record or a speaker knows of the node.</param>
/// <param name="Complete">The routes are all there are.</param>
/// <param name="Services">Services whose routes may be others than before, or for other peers.</param>
/// <param name="TraceParent">W3C trace context of what changed the last of these services; null when none changed.</param>
internal sealed record RoutingStep(bool Known, bool Complete, IReadOnlyCollection<ServiceName> Services, string? TraceParent = null);

/// <summary>Keeps the BGP part of a node's plan in step with the configuration, the node and the shared set of services.</summary>
internal sealed class NodeRouting(IGrainFactory grains, NodeName node, BgpPlan plan, RouteDrain drain)
{
    private NodeRoutes? _routes;
    private (long Configuration, NodeView Node) _basis;
    private ClusterConfiguration? _configuration;
    private EquatableList<string> _peers = [];
    private readonly Dictionary<ServiceName, RoutableService> _services = [];
    private HashSet<ServiceName> _unconfirmed = [];
    private RouteSetPosition _position;

    /// <summary>The peers that a service's routes are for, by name, sorted.</summary>
    public EquatableList<string> PeersOf(ServiceName service) => _routes?.PeersOf(service, _peers) ?? [];

    /// <summary>The services that a peer is told of.</summary>
    public IEnumerable<ServiceName> ServicesTowards(string peer) => _routes?.Services.Where(service => PeersOf(service).Contains(peer)) ?? [];

    /// <summary>The services that this node has no route to, with the reason.</summary>
    public EquatableList<UnroutedService> Unrouted => _configuration is { } configuration
        ? _services.Values
            .Select(service => new UnroutedService(service.Service, RouteRules.WhyNot(service, _basis.Node, configuration)))
            .Where(service => service.Reason != Reason.None)
            .OrderBy(service => service.Service)
            .ToEquatableList()
        : [];

    /// <summary>Reads what changed and takes it into the plan. A node without peers reads no services, and one that nobody knows nothing at all.</summary>
    public async Task<RoutingStep> Refresh(bool connected, bool leaving)
    {
        var known = await grains.NodeDirectory().Find(node);
        if (known is null && !connected) return new(Known: false, Complete: false, []);
        var configuration = await grains.Configuration().Current();
        var facts = known?.Facts ?? await Ask();
        var phase = drain.Look(facts?.Draining == true);
        var view = Judged(facts, phase);
        var configured = configuration.BgpPeers.Where(peer => peer.NodeSelectors.Admit(view.Facts?.Labels)).ToEquatableList();
        if (configured.Count == 0) return await Rest(known is not null, phase);
        var peers = phase == DrainPhase.Withdrawn ? [] : configured;
        var step = await grains.Routes().Since(node, _position);
        var changed = Read(step);
        var names = peers.Select(peer => peer.Name).Order(StringComparer.Ordinal).ToEquatableList();
        var all = _routes is null || _basis != (configuration.Version, view) || names != _peers;
        var before = all && _routes is not null ? _routes.Services.ToList() : [];
        if (_routes is null || _basis != (configuration.Version, view)) Rebuild(configuration, view);
        else foreach (var service in changed) plan.Take(_services.TryGetValue(service, out var routable) ? _routes.Put(routable) : _routes.Remove(service));
        _peers = names;
        plan.Take(peers, leaving || phase != DrainPhase.None, step.Complete, forGood: phase != DrainPhase.None);
        return new(known is not null, step.Complete, all ? [.. before.Union(_routes!.Services)] : changed, step.TraceParent);
    }

    /// <summary>That a node has no peers is told its speaker even if none were known here: it may have some from before the time of this grain.</summary>
    private async Task<RoutingStep> Rest(bool known, DrainPhase phase)
    {
        var complete = (await grains.Sync().Status()).Complete;
        var before = _routes?.Services.ToList() ?? [];
        (_routes, _peers, _position) = (null, [], default);
        _services.Clear();
        _unconfirmed.Clear();
        plan.Take([], leaving: phase != DrainPhase.None, complete: true, forGood: phase != DrainPhase.None);
        return new(known, complete, before);
    }

    /// <summary>
    /// A directory that lost its memory elects without the record while that is away. Peers and routes wait: they are not to go from a node because nobody knows
    /// how it is labelled.
    /// </summary>
    private async Task<NodeFacts?> Ask() => (await grains.Sync().Nodes()).FirstOrDefault(facts => facts.Name == node);

    /// <summary>
    /// Of the node only what routes depend on, so that a change of load or links builds nothing anew. A node that is left goes on announcing for a while.
    /// </summary>
    private NodeView Judged(NodeFacts? facts, DrainPhase phase) =>
        new(node, facts is null ? null : facts with { Draining = phase == DrainPhase.Withdrawn, Ready = true, Addresses = [] }, NodeLinks.None,
            true, false, default, 0);

    /// <summary>A set that begins anew lacks services that have not told it their part yet: what was known of them stands until the set is complete.</summary>
    private List<ServiceName> Read(RouteSetStep step)
    {
        _position = step.Position;
        if (step.Whole) _unconfirmed = [.. _services.Keys];
        var changed = step.Changed.Select(service => service.Service).Concat(step.Gone).ToList();
        _unconfirmed.ExceptWith(changed);
        foreach (var service in step.Changed) _services[service.Service] = service;
        foreach (var service in step.Gone) _services.Remove(service);
        if (!step.Complete) return changed;
        foreach (var service in _unconfirmed) _services.Remove(service);
        changed.AddRange(_unconfirmed);
        _unconfirmed = [];
        return changed;
    }

    private void Rebuild(ClusterConfiguration configuration, NodeView view)
    {
        var next = new NodeRoutes(view, configuration);
        foreach (var service in _services.Values) next.Put(service);
        plan.Take(_routes is null ? new(next.All.ToEquatableList(), []) : _routes.To(next));
        (_routes, _basis, _configuration) = (next, (configuration.Version, view), configuration);
    }
}
