using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Election;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Nodes;

/// <inheritdoc cref="INodeGrain"/>
[Reentrant, KeepAlive]
public sealed class NodeGrain(
    IOptions<LivenessOptions> options, IOptions<StatusOptions> shown, IEventRecorder events, IStatusObjectStore statuses, TimeProvider time,
    ILogger<NodeGrain> logger) : Grain, INodeGrain
{
    private NodeName _node;
    private NodePlan _plan = null!;
    private SpeakerSession? _session;
    private IGrainTimer? _watch;
    private DirectoryReports _reports = null!;
    private PlanAudit _audit = null!;
    private NodeBgp _bgp = null!;
    private SpeakerFacts _facts = null!;
    private Bequests _bequests = null!;
    private NodeLinks _links = NodeLinks.None;

    /// <summary>False while a new session has not told its links: until then the node counts as it did before.</summary>
    private bool _linksKnown;
    private DateTimeOffset _steadySince;
    private bool _leaving;

    /// <summary>The node was given up since its speaker last took a whole plan: what it still announces may be others' by now.</summary>
    private bool _givenUp;
    private TaskCompletionSource? _emptied;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _node = new(this.GetPrimaryKeyString());
        _plan = new(_node);
        _reports = new(_node, GrainFactory, Standing, then => Later(options.Value.RetryDelay, then), logger);
        _bequests = new(time, options.Value.CompareInterval);
        _audit = new(_node, _plan, GrainFactory, _bequests.IsFresh, found => Withdraw(found.Service, found.Address, found.Epoch));
        _bgp = new(_plan, new(_node, GrainFactory, events, statuses, options.Value, shown.Value, time, logger), () => (_session, _leaving), Later);
        _facts = new(_node, GrainFactory, events, _bgp.Peers, _audit.Confirm);
        await _audit.Begin();
        var compare = options.Value.CompareInterval;
        this.RegisterGrainTimer(Compare, new() { DueTime = compare, Period = compare, Interleave = true });
        if (_plan.Count > 0) this.After(options.Value.ReconnectTimeout, MissSpeaker);
    }

    public Task<PlanChange> Connect(IPlanObserver speaker, string session, EquatableList<Assignment> announcing)
    {
        _audit.Adopt(_givenUp ? [] : [.. announcing.Where(assignment => _plan.At(assignment.Address) is null)]);
        var now = time.GetUtcNow();
        foreach (var assignment in announcing) _plan.Announced(assignment.Address, assignment.Epoch, now);
        var whole = _plan.Whole(now.ToUnixTimeMilliseconds(), Activity.Current?.Id);
        _session?.End();
        _session = new(speaker, session, _plan, now, logger);
        (_leaving, _steadySince, _linksKnown) = (false, now, false);
        _bgp.Peers.Begin();
        _watch ??= this.RegisterGrainTimer(Look,
            new() { DueTime = options.Value.HeartbeatInterval, Period = options.Value.HeartbeatInterval, Interleave = true, KeepAlive = true });
        _bgp.BuildSoon();
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
            if (_plan.StrandedOn(_links) is { Count: > 0 } stranded) Orphan(stranded);
            await _audit.ConfirmAdopted();
            _reports.Found(_plan.Services.ToEquatableList());
            await _reports.Run();
        }
        await _facts.Tell(facts, _plan);
    }

    public async Task Leave(string session)
    {
        if (Current(session) is null) return;
        _leaving = true;
        logger.SpeakerLeaves(_node, _plan.Count);
        Orphan(_plan.Services.ToEquatableList()); // so that heirs announce everything in one step, while this node goes on answering
        await Task.WhenAll(_reports.Run(), _bgp.Build());
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

    public async Task TakeOver(EquatableList<Assignment> assignments, string? traceParent)
    {
        foreach (var assignment in assignments) _plan.Assign(assignment);
        _bequests.Note(assignments);
        _session?.Tell(traceParent);
        if (_session is { } session) await session.Told;
    }

    public Task<EquatableList<LostService>> Proven() => Task.FromResult(_session is null ? [] : _plan.ProvenOf(_plan.Services.ToEquatableList()));

    public Task Bequeath(long term, EquatableList<Inheritance> inheritances)
    {
        _bequests.Put(term, inheritances);
        return Task.CompletedTask;
    }

    public async Task Inherit(NodeName from)
    {
        if (_session is not { } session || _leaving || _bequests.Take(from) is not { } inheritance) return;
        foreach (var assignment in inheritance.Assignments) _plan.Assign(assignment);
        session.Tell(Activity.Current?.Id);
        logger.Inherited(_node, from, inheritance.Assignments.Count);
        _reports.Inherited(inheritance);
        _reports.RunSoon();
        await session.Told;
    }

    public Task WithdrawAll(ServiceName service, long epoch) => Task.WhenAll(_plan.AddressesOf(service).Select(address => Withdraw(service, address, epoch)));

    public Task Withdraw(ServiceName service, Address address, long epoch)
    {
        _plan.Withdraw(service, address, epoch);
        _session?.Tell(null);
        if (_plan.Count == 0) _emptied?.TrySetResult();
        return Task.CompletedTask;
    }

    public Task Refresh()
    {
        if (!_linksKnown) return Task.CompletedTask;
        _reports.Found(_plan.Services.ToEquatableList()); // whoever asks knows nothing, and services may know as little
        this.After(options.Value.RecheckDelay, _audit.CompareWithIndex);
        return _reports.Run();
    }

    public Task Reroute()
    {
        _bgp.BuildSoon();
        return Task.CompletedTask;
    }

    public Task TakeTurn() => Task.CompletedTask;

    public Task<NodeStatus> Status() => Task.FromResult(new NodeStatus(
        _node, _session?.Id, _session is not null, _leaving, _steadySince, _plan.Version, _session?.Confirmed ?? 0,
        _plan.Assignments.OrderBy(assignment => assignment.Address).ToEquatableList(), _links, _bgp.Peers.Peers, _plan.Bgp.Routes, _facts.CountsOf(_plan)));

    public Task<NodeBgpStatus> Bgp(bool withRoutes) => _bgp.Status(withRoutes);

    private SpeakerSession? Current(string session) => _session?.Id == session ? _session : null;

    private NodeReport Standing() => new(_node, _session is not null, _leaving, _steadySince, _links, [], [], Forgot: false);

    /// <summary>
    /// Before the verdict the grain waits for a turn as its callers do: heartbeats that lie in its queue come first, and a
    /// wait that is long is no silence of the node's.
    /// </summary>
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

    /// <summary>That something changed may have been told a grain that was lost before it could pass it on.</summary>
    private Task Compare()
    {
        if (_session is not null) _bgp.BuildSoon();
        return _audit.CompareWithIndex();
    }

    /// <summary>This activation is young and knows of addresses on this node, but no speaker has come to claim them.</summary>
    private Task MissSpeaker()
    {
        if (_session is null) Die(Reason.NodeDead);
        return Task.CompletedTask;
    }

    /// <summary>
    /// What it announced goes to others. It is not asked to withdraw: should it wake, its session is over and its next plan is empty of what moved.
    /// </summary>
    private void Die(Reason reason)
    {
        _session?.End();
        _session = null;
        _watch?.Dispose();
        _watch = null;
        _linksKnown = true;
        var orphans = _plan.Services.ToEquatableList();
        Orphan(orphans);
        _plan.Clear();
        _bgp.Peers.FallSilent();
        _givenUp = true;
        _emptied?.TrySetResult();
        _emptied = null;
        if (reason == Reason.NodeDead) GrainsTelemetry.NodeDied(_node);
        logger.NodeGone(_node, reason, orphans.Count);
        _reports.RunSoon();
    }

    private void Orphan(EquatableList<ServiceName> services) => _reports.Orphaned(services, _plan.ProvenOf(services));

    private void Later(TimeSpan delay, Func<Task> then) => this.After(delay, then);
}
