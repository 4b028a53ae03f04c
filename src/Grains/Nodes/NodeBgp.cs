using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Routes;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Nodes;

/// <summary>The BGP side of a node: builds its routes, one build at a time, and tells and shows how its sessions stand.</summary>
internal sealed class NodeBgp
{
    private readonly NodeName _node;
    private readonly NodePlan _plan;
    private readonly NodeRouting _routing;
    private readonly StatusBoard _board;
    private readonly Func<(SpeakerSession? Session, bool Leaving)> _speaker;
    private readonly LivenessOptions _liveness;
    private readonly TimeProvider _time;
    private readonly Action<TimeSpan, Func<Task>> _after;
    private readonly ILogger _logger;
    private readonly SingleFlight _building;

    /// <param name="speaker">The session of the node's speaker now, and whether it leaves.</param>
    public NodeBgp(
        NodePlan plan, NodeServices services, Func<(SpeakerSession? Session, bool Leaving)> speaker, Action<TimeSpan, Func<Task>> after)
    {
        (_plan, _speaker, _after) = (plan, speaker, after);
        (_node, _liveness, _time, _logger) = (services.Node, services.Liveness, services.Time, services.Logger);
        _routing = new(services.Grains, _node, plan.Bgp, new(_liveness.GracefulShutdownTime, after, BuildSoon));
        _board = new(_node, services.Statuses, services.Shown, after, _logger);
        Peers = new(_node, _routing, _board, services.Events, services.Shown, _time, after);
        _building = new(BuildOnce);
    }

    public PeerWatch Peers { get; }

    /// <summary>A build that begins after this call; its task ends, or fails, with it.</summary>
    public Task Build() => _building.Run();

    /// <summary>The same, tried again until it succeeds.</summary>
    public void BuildSoon() => Build().Observe(_logger, $"Building the routes of node {_node}", () => _after(_liveness.RetryDelay, Build));

    public async Task<NodeBgpStatus> Status(bool withRoutes)
    {
        var (session, leaving) = _speaker();
        var status = new NodeBgpStatus(_node, session is not null, leaving, Peers.Peers, [], []);
        return withRoutes ? status with { Routes = await PeerRoutes(session), Unrouted = _routing.Unrouted } : status;
    }

    /// <summary>A speaker that does not answer has told nobody anything, as far as anybody knows.</summary>
    private async Task<EquatableList<PeerRoutes>> PeerRoutes(SpeakerSession? session)
    {
        var told = session is not null && _plan.Bgp.Peers.Count > 0 ? await Bounded(session.Routes()) : [];
        var established = Peers.Peers.Where(peer => peer.State == PeerState.Established).Select(peer => peer.Peer).ToHashSet();
        return Peers.SessionsOf(_plan.Bgp.Peers)
            .Select(name => told.FirstOrDefault(routes => routes.Peer == name) ?? Core.Announcements.PeerRoutes.None(name))
            .Select(routes => routes.WithRestOf(_plan.Bgp.Routes, established.Contains(routes.Peer)))
            .ToEquatableList();
    }

    private async Task<EquatableList<PeerRoutes>> Bounded(Task<EquatableList<PeerRoutes>> asked)
    {
        if (await Task.WhenAny(asked, Task.Delay(_liveness.LeaveTimeout, _time)) == asked && asked.IsCompletedSuccessfully) return await asked;
        asked.Observe(_logger, "Asking a speaker for its routes");
        return [];
    }

    private async Task BuildOnce()
    {
        var (session, leaving) = _speaker();
        var asker = Activity.Current?.Id;
        var step = await _routing.Refresh(session is not null, leaving);
        _logger.RoutesBuilt(_node, step.Services.Count, _plan.Bgp.Routes.Count, step.Complete);
        session = _speaker().Session;
        session?.Tell(step.TraceParent ?? asker); // one build may serve many askers, and read what none of them has asked for
        if (step.Known) Show(step);
        else if (session is null) _board.Clear();
    }

    private void Show(RoutingStep step)
    {
        foreach (var service in step.Services)
        {
            if (_routing.PeersOf(service) is { Count: > 0 } peers) _board.Show(new StatusObject.ServiceBgp(service, _node, peers));
            else _board.Remove(new(StatusKind.ServiceBgp, _node, service.ToString()));
        }
        _board.Expect(
            _plan.Bgp.Peers.Where(peer => peer.Range is null).Select(peer => new StatusSubject(StatusKind.BgpSession, _node, peer.Name))
                .Concat(_plan.Bgp.Peers.SelectMany(peer => OpenElbStatus.Subjects(_node, peer))),
            step.Complete);
    }
}
