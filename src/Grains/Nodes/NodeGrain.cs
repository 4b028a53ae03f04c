using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Routes;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Nodes;

/// <inheritdoc cref="INodeGrain"/>
[Reentrant, KeepAlive]
public sealed class NodeGrain(
    IOptions<LivenessOptions> options, IOptions<StatusOptions> shown, IEventRecorder events, IStatusObjectStore statuses, TimeProvider time, ILogger<NodeGrain> logger) : Grain, INodeGrain
{
    private NodeName _node;
    private NodePlan _plan = null!;
    private SpeakerSession? _session;
    private IGrainTimer? _watch;
    private NodeRouting _routing = null!;
    private SingleFlight _reporting = null!;
    private SingleFlight _rerouting = null!;
    private SpeakerFacts _facts = null!;
    private StatusBoard _board = null!;
    private PeerWatch _peers = null!;
    private NodeLinks _links = NodeLinks.None;

    /// <summary>False while a new session has not told its links: until then the node counts as it did before.</summary>
    private bool _linksKnown;
    private DateTimeOffset _steadySince;
    private bool _leaving;

    /// <summary>The node was given up since its speaker last took a whole plan: what it still announces may be others' by now.</summary>
    private bool _givenUp;

    /// <summary>Assignments that this grain has from the index or from the speaker, not from the service itself.</summary>
    private EquatableList<Assignment> _adopted = [];
    private EquatableList<ServiceName> _found = [];

    /// <summary>True until the directory has been told of this activation.</summary>
    private bool _forgot = true;
    private EquatableList<ServiceName> _orphans = [];
    private TaskCompletionSource? _emptied;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _node = new(this.GetPrimaryKeyString());
        _plan = new(_node);
        _routing = new(GrainFactory, _node, _plan.Bgp, new(options.Value.GracefulShutdownTime, Later, RerouteSoon));
        _board = new(_node, statuses, shown.Value, Later, logger);
        _peers = new(_node, _routing, _board, events, shown.Value, time, Later);
        _facts = new(_node, GrainFactory, events, _peers);
        _reporting = new(ReportToDirectory);
        _rerouting = new(BuildRoutes);
        _adopted = await GrainFactory.ServiceIndex().AssignedTo(_node);
        foreach (var assignment in _adopted) _plan.Assign(assignment);
        var compare = options.Value.CompareInterval;
        this.RegisterGrainTimer(CompareWithIndex, new() { DueTime = compare, Period = compare, Interleave = true });
        if (_plan.Count > 0) this.After(options.Value.ReconnectTimeout, MissSpeaker);
    }

    public Task<PlanChange> Connect(IPlanObserver speaker, string session, EquatableList<Assignment> announcing)
    {
        var found = _givenUp ? [] : announcing.Where(assignment => _plan.At(assignment.Address) is null).ToList();
        foreach (var assignment in found) _plan.Assign(assignment);
        _adopted = _adopted.Concat(found).ToEquatableList();
        var now = time.GetUtcNow();
        foreach (var assignment in announcing) _plan.Announced(assignment.Address, assignment.Epoch, now);
        var whole = _plan.Whole(now.ToUnixTimeMilliseconds(), Activity.Current?.Id);
        _session?.End();
        _session = new(speaker, session, _plan, now, logger);
        (_leaving, _steadySince, _linksKnown) = (false, now, false);
        _peers.Begin();
        _watch ??= this.RegisterGrainTimer(Look, new() { DueTime = options.Value.HeartbeatInterval, Period = options.Value.HeartbeatInterval, Interleave = true, KeepAlive = true });
        RerouteSoon();
        logger.SpeakerConnected(_node, session, whole.Announce.Count);
        return Task.FromResult(whole);
    }

    public Task<long?> Heartbeat(string session, long planVersion)
    {
        if (Current(session) is not { } current) return Task.FromResult<long?>(null);
        _givenUp &= planVersion < current.Begun;
        return Task.FromResult<long?>(current.Heard(planVersion));
    }

    public async Task Report(string session, EquatableList<SpeakerFact> facts)
    {
        if (Current(session) is null) return;
        if (facts.OfType<SpeakerFact.LinksChanged>().LastOrDefault() is { } changed && (!_linksKnown || changed.Links != _links))
        {
            (_links, _linksKnown) = (changed.Links, true);
            await Confirm();
            await _reporting.Run();
        }
        await _facts.Tell(facts, _plan);
    }

    public async Task Leave(string session)
    {
        if (Current(session) is null) return;
        _leaving = true;
        logger.SpeakerLeaves(_node, _plan.Count);
        await Task.WhenAll(_reporting.Run(), _rerouting.Run());
        await WhenEmpty(options.Value.LeaveTimeout);
        if (_session is { } told) await Task.WhenAny(told.Told);
        if (Current(session) is not null) Die(Reason.NodeDraining);
    }

    public async Task<EquatableList<ServiceName>> WhenEmpty(TimeSpan patience)
    {
        if (_plan.Count == 0) return [];
        if (_emptied is null || _emptied.Task.IsCompleted) _emptied = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await Task.WhenAny(_emptied.Task, Task.Delay(patience, time));
        return _plan.Services.Order().ToEquatableList();
    }

    public Task Lost(string session)
    {
        if (_session is null || _session.Id == session) Die(Reason.NodeDead); // without a session this grain has lost its memory, and the host knows better
        return Task.CompletedTask;
    }

    public Task<DateTimeOffset?> Assign(Assignment assignment, string? traceParent)
    {
        var announcedAt = _plan.Assign(assignment);
        _session?.Tell(traceParent);
        return Task.FromResult(announcedAt);
    }

    public Task WithdrawAll(ServiceName service, long epoch) => Task.WhenAll(_plan.AddressesOf(service).Select(address => Withdraw(service, address, epoch)));

    public Task Withdraw(ServiceName service, Address address, long epoch)
    {
        _plan.Withdraw(service, address, epoch);
        _session?.Tell(null);
        if (_plan.Count == 0) _emptied?.TrySetResult();
        return Task.CompletedTask;
    }

    public Task Refresh() => _linksKnown ? _reporting.Run() : Task.CompletedTask;

    public Task Reroute()
    {
        RerouteSoon();
        return Task.CompletedTask;
    }

    public Task<NodeStatus> Status() => Task.FromResult(new NodeStatus(
        _node, _session?.Id, _session is not null, _leaving, _steadySince, _plan.Version, _session?.Confirmed ?? 0,
        _plan.Assignments.OrderBy(assignment => assignment.Address).ToEquatableList(), _links, _peers.Peers, _plan.Bgp.Routes, _facts.CountsOf(_plan)));

    public async Task<NodeBgpStatus> Bgp(bool withRoutes)
    {
        var status = new NodeBgpStatus(_node, _session is not null, _leaving, _peers.Peers, [], []);
        return withRoutes ? status with { Routes = await PeerRoutes(), Unrouted = _routing.Unrouted } : status;
    }

    /// <summary>A speaker that does not answer has told nobody anything, as far as anybody knows.</summary>
    private async Task<EquatableList<PeerRoutes>> PeerRoutes()
    {
        var told = _session is { } session && _plan.Bgp.Peers.Count > 0 ? await Bounded(session.Routes()) : [];
        var established = _peers.Peers.Where(peer => peer.State == PeerState.Established).Select(peer => peer.Peer).ToHashSet();
        return _peers.SessionsOf(_plan.Bgp.Peers)
            .Select(session => told.FirstOrDefault(routes => routes.Peer == session) ?? Core.Announcements.PeerRoutes.None(session))
            .Select(routes => routes.WithRestOf(_plan.Bgp.Routes, established.Contains(routes.Peer)))
            .ToEquatableList();
    }

    private async Task<EquatableList<PeerRoutes>> Bounded(Task<EquatableList<PeerRoutes>> asked)
    {
        if (await Task.WhenAny(asked, Task.Delay(options.Value.LeaveTimeout, time)) == asked && asked.IsCompletedSuccessfully) return await asked;
        asked.Observe(logger, "Asking a speaker for its routes");
        return [];
    }

    private SpeakerSession? Current(string session) => _session?.Id == session ? _session : null;

    /// <summary>Before the verdict the grain waits for a turn as its callers do: heartbeats that lie in its queue come first, and a wait that is long is no silence of the node's.</summary>
    private async Task Look()
    {
        if (_session is not { } session) return;
        session.Look(time.GetUtcNow(), options.Value.HeartbeatInterval);
        if (!session.IsSilent(options.Value.Timeout)) return;
        var asked = time.GetTimestamp();
        await GrainFactory.Node(_node).TakeTurn();
        session.Waited(time.GetElapsedTime(asked), options.Value);
        if (_session == session && session.IsSilent(options.Value.Timeout)) Die(Reason.NodeDead);
    }

    public Task TakeTurn() => Task.CompletedTask;

    /// <summary>What this grain found when it began stands if its service knows of no other announcer.</summary>
    private async Task Confirm()
    {
        var adopted = _adopted;
        _adopted = [];
        await Task.WhenAll(adopted.Select(Confirm));
        _found = _plan.Services.ToEquatableList();
    }

    /// <summary>What the plan has and no service reports is asked about; what a service reports and the plan lacks is to be assigned again.</summary>
    private async Task CompareWithIndex()
    {
        var reported = (await GrainFactory.ServiceIndex().AssignedTo(_node)).ToLookup(assignment => assignment.Service, assignment => assignment.Address);
        var needed = _plan.Needs.ToList();
        foreach (var need in needed.Where(need => !reported[need.Service].Contains(need.Address))) await Confirm(need);
        var planned = needed.Select(need => (need.Service, need.Address)).ToHashSet();
        foreach (var service in reported.Where(service => service.Any(address => !planned.Contains((service.Key, address))))) await GrainFactory.Service(service.Key).NodesChanged();
    }

    private async Task Confirm(Assignment assignment)
    {
        if (!await GrainFactory.Service(assignment.Service).Announces(_node, assignment)) await Withdraw(assignment.Service, assignment.Address, assignment.Epoch);
    }

    /// <summary>This activation is young and knows of addresses on this node, but no speaker has come to claim them.</summary>
    private Task MissSpeaker()
    {
        if (_session is null) Die(Reason.NodeDead);
        return Task.CompletedTask;
    }

    /// <summary>What it announced goes to others. It is not asked to withdraw: should it wake, its session is over and its next plan is empty of what moved.</summary>
    private void Die(Reason reason)
    {
        _session?.End();
        _session = null;
        _watch?.Dispose();
        _watch = null;
        (_orphans, _linksKnown) = (_plan.Services.ToEquatableList(), true);
        _plan.Clear();
        _peers.FallSilent();
        _givenUp = true;
        _emptied?.TrySetResult();
        _emptied = null;
        if (reason == Reason.NodeDead) GrainsTelemetry.NodeDied(_node);
        logger.NodeGone(_node, reason, _orphans.Count);
        Tell();
    }

    private void Later(TimeSpan delay, Func<Task> then) => this.After(delay, then);

    private void RerouteSoon() => _rerouting.Run().Observe(logger, $"Building the routes of node {_node}", () => this.After(options.Value.RetryDelay, _rerouting.Run));

    private async Task BuildRoutes()
    {
        var step = await _routing.Refresh(_session is not null, _leaving);
        _session?.Tell(null);
        Show(step);
    }

    private void Show(RoutingStep step)
    {
        if (!step.Known && _session is null) _board.Clear();
        if (!step.Known) return;
        foreach (var service in step.Services)
        {
            if (_routing.PeersOf(service) is { Count: > 0 } peers) _board.Show(new StatusObject.ServiceBgp(service, _node, peers));
            else _board.Remove(new(StatusKind.ServiceBgp, _node, service.ToString()));
        }
        _board.Expect(_plan.Bgp.Peers.Where(peer => peer.Range is null).Select(peer => new StatusSubject(StatusKind.BgpSession, _node, peer.Name)), step.Complete);
    }

    private void Tell() => _reporting.Run().Observe(logger, $"Telling the directory of node {_node}", () => this.After(options.Value.RetryDelay, _reporting.Run));

    private async Task ReportToDirectory()
    {
        var (orphans, found, forgot) = (_orphans, _found, _forgot);
        _forgot = false;
        await GrainFactory.NodeDirectory().Report(new(_node, _session is not null, _leaving, _steadySince, _links, orphans, found, forgot));
        if (_orphans == orphans) _orphans = [];
        if (_found == found) _found = [];
    }
}
