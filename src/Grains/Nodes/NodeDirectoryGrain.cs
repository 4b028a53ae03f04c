using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansLb.Core;
using OrleansLb.Core.Election;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Nodes;

/// <inheritdoc cref="INodeDirectoryGrain"/>
[Reentrant, KeepAlive]
public sealed class NodeDirectoryGrain(
    IOptions<ElectionOptions> options, IStatusObjectStore statuses, IEventRecorder events, TimeProvider time, ILogger<NodeDirectoryGrain> logger)
    : Grain, INodeDirectoryGrain
{
    /// <summary>Few enough that the first of many are announced before the last are elected.</summary>
    private const int ElectionsAtOnce = 32;

    private const int LooksPerTurn = 100;

    private readonly PlacementBook _book = new();
    private NodeRegister _register = null!;
    private KeyedQueue<ServiceName> _elections = null!;
    private Heirs _heirs = null!;
    private Testaments _testaments = null!;
    private SingleFlight _bequeathing = null!;
    private readonly HashSet<NodeName> _heard = [];
    private readonly TaskCompletionSource _heardAll = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _reading = Task.CompletedTask;
    private Task _recovered = Task.CompletedTask;

    /// <summary>All nodes that the record knows were asked how they stand, or cannot be.</summary>
    private bool _asked;
    private SingleFlight _rebalancing = null!;

    /// <summary>The situation in which the last look found nothing to move.</summary>
    private (long View, int Free, int Most, int Least) _settled;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _elections = new(ElectionsAtOnce, service => GrainFactory.Service(service).NodesChanged(), ElectionFailed);
        _register = new(new(options.Value.HoldDown, options.Value.LongestHoldDown, options.Value.ReturnWindow), _book.Gains);
        _heirs = new(GrainFactory, time, logger);
        _testaments = new(_book);
        var succession = new Succession(GrainFactory, _book, _testaments, Epoch.Next(0, time.GetUtcNow()), Electing, time, logger);
        _bequeathing = new(() => _recovered.IsCompleted ? succession.Look(View) : Task.CompletedTask);
        _rebalancing = new(Rebalance);
        await Task.WhenAny(_reading = ReadFacts(), Task.Delay(options.Value.FactsTimeout, time, cancellationToken));
        var interval = options.Value.RebalanceInterval;
        this.RegisterGrainTimer(_rebalancing.Run, new() { DueTime = interval, Period = interval, Interleave = true });
        var rest = options.Value.TestamentRest;
        this.RegisterGrainTimer(_bequeathing.Run, new() { DueTime = rest, Period = rest, Interleave = true });
        _recovered = Task.WhenAny(_heardAll.Task, Task.Delay(options.Value.RecoveryTimeout, time, cancellationToken));
        RecoverInsistently();
    }

    private ClusterView View => _register.ViewAt(time.GetUtcNow());

    public Task<ClusterView> Current() => Task.FromResult(_book.WithLoads(View));

    public Task<NodeView?> Find(NodeName node) => Task.FromResult(View.Nodes.FirstOrDefault(view => view.Name == node));

    public Task<NodeName?> OwnerOf(HardwareAddress mac) => Task.FromResult(
        View.Nodes.FirstOrDefault(node => node.Links.Links.Any(link => link.Mac == mac))?.Name);

    public Task FactsRead(EquatableList<NodeFacts> nodes) => Rerouting(_register.Read(nodes, time.GetUtcNow()));

    public Task FactsChanged(NodeFacts node) => Rerouting(_register.Put(node, time.GetUtcNow()));

    public Task FactsGone(NodeName node) => Rerouting(_register.Remove(node, time.GetUtcNow()));

    public Task Report(NodeReport report)
    {
        var changed = _register.Put(report.Node, view => view with
        {
            Alive = report.Alive,
            Draining = report.Draining,
            SteadySince = report.SteadySince,
            Links = report.Links,
        }, time.GetUtcNow());
        TellReturns();
        var inherited = report.Inherited.SelectMany(inheritance => Inherit(report.Node, inheritance)).ToList();
        foreach (var found in report.Found) _book.Remember(found, report.Node);
        _heard.Add(report.Node);
        HeardAll();
        var forgotten = report.Forgot ? _book.ServicesOn(report.Node) : [];
        var concerned = inherited.Concat(report.Orphans).Concat(forgotten).Concat(ConcernedBy(changed)).Distinct().ToList();
        Succeed(report, concerned).Observe(logger, "Finding others for what a node has lost");
        return Task.CompletedTask;
    }

    public async Task<ElectionResult> Elect(ServiceName service, Candidacy candidacy)
    {
        if (!_recovered.IsCompleted) await Task.WhenAny(_recovered);
        return _book.Elect(service, candidacy, View);
    }

    public async Task Resume(EquatableList<StandingService> services)
    {
        if (!_recovered.IsCompleted) await Task.WhenAny(_recovered);
        await _heirs.Tell(_book.Resume(services, View, time.GetUtcNow()), options.Value.HeirsFirst);
    }

    public Task<ElectionResult?> Improve(ServiceName service, Candidacy candidacy) => Task.FromResult(
        _book.Improve(service, candidacy, View, options.Value.Tolerance));

    public Task<ElectionResult> Move(ServiceName service, Candidacy candidacy, NodeName to)
    {
        var result = _book.Move(service, candidacy, to, View);
        if (result.Announcer is not null) foreach (var sharer in _book.Sharers(service, candidacy.Addresses).ToList()) _elections.Add(sharer);
        return Task.FromResult(result);
    }

    public async Task<LastPlace?> Forget(ServiceName service)
    {
        if (!_recovered.IsCompleted) await Task.WhenAny(_recovered);
        return _book.Forget(service);
    }

    /// <summary>
    /// What a node has lost goes to others in one election and one call to each of them, before any service is told: the addresses of a dead node are on
    /// the wire before its services have been asked.
    /// </summary>
    private async Task Succeed(NodeReport report, List<ServiceName> concerned)
    {
        if (_recovered.IsCompleted)
            await _heirs.Tell(_book.Relocate(new(report.Node, report.Lost), View, time.GetUtcNow(), _testaments), options.Value.HeirsFirst);
        Electing(concerned);
    }

    /// <summary>
    /// Takes note of what an heir has announced already; answers the services that do not know. What has gone to another meanwhile the heir withdraws.
    /// </summary>
    private IEnumerable<ServiceName> Inherit(NodeName heir, Inheritance inheritance)
    {
        foreach (var service in inheritance.Assignments.GroupBy(assignment => assignment.Service))
        {
            var taken = new Relocation(heir, service.ToEquatableList(), time.GetUtcNow(), Reason.Announced,
                $"node {inheritance.From}, which announced it before, was lost, and node {heir} was to follow it.");
            var outcome = _book.Inherit(service.Key, inheritance.From, taken);
            if (outcome == InheritOutcome.Taken) yield return service.Key;
            if (outcome == InheritOutcome.Refused)
                GrainFactory.Node(heir).WithdrawAll(service.Key, taken.Epoch).Observe(logger, "Telling a node that another has what it inherited");
        }
    }

    /// <summary>What the record says of a node decides its peers and routes too.</summary>
    private Task Rerouting(EquatableList<NodeName> changed)
    {
        TellReturns();
        foreach (var node in changed) GrainFactory.Node(node).Reroute().Observe(logger, "Telling a node that it changed");
        Electing(ConcernedBy(changed));
        return Task.CompletedTask;
    }

    /// <summary>A node that comes back once is no news; one that does so again and again is.</summary>
    private void TellReturns()
    {
        foreach (var back in _register.TakeReturns().Where(back => back.Times > 1))
        {
            logger.NodeFlaps(back.Node, back.Times, back.HeldUntil);
            events.Record(new("v1", "Node", "", back.Node.Value), warning: true, nameof(Reason.NodeFlapping), string.Create(CultureInfo.InvariantCulture,
                $"{back.Sign}, and it came back {back.Times} times within {options.Value.ReturnWindow.TotalMinutes:0} minutes; it is given nothing that "
                    + $"another node announces before {back.HeldUntil:HH:mm:ss} UTC."));
        }
    }

    /// <summary>Services on a node that changed, services that nobody announces, and those that all candidates announce.</summary>
    private IEnumerable<ServiceName> ConcernedBy(EquatableList<NodeName> changed) =>
        changed.Count == 0 ? [] : changed.SelectMany(_book.ServicesOn).Concat(_book.Unplaced).Concat(_book.Spread);

    /// <summary>Each once, however many reasons there are: the first would else be elected again before the last is at all.</summary>
    private void Electing(IEnumerable<ServiceName> services)
    {
        foreach (var service in services.Distinct().ToList()) _elections.Add(service);
    }

    /// <summary>Without the record nodes are judged by what their speakers say alone; that is better than to stand still until it is back.</summary>
    private async Task ReadFacts() => await FactsRead(await GrainFactory.Sync().Nodes());

    /// <summary>A call of it may be lost with the grain that was asked; services that nobody named to this directory would elect no more.</summary>
    private void RecoverInsistently() => Recover().Observe(logger, "Asking the nodes how they stand", () => this.After(options.Value.RetryDelay, () =>
    {
        if (_reading.IsFaulted) _reading = ReadFacts();
        RecoverInsistently();
    }));

    /// <summary>After the loss of this activation, or of the whole cluster: nodes that live say so, and services what is announced where.</summary>
    private async Task Recover()
    {
        await _reading;
        HeardAll();
        // those that spoke up by themselves did not tell what they announce
        await Task.WhenAny(Task.WhenAll(View.Nodes.Select(node => GrainFactory.Node(node.Name).Refresh()).ToList()));
        _asked = true;
        HeardAll();
        foreach (var service in await GrainFactory.Sync().ServiceNamesTold()) _elections.Add(service); // the others elect when they are told
        await ForgetGoneNodes();
    }

    /// <summary>What is shown of nodes that were deleted while nobody looked is for their grains to clear away.</summary>
    private async Task ForgetGoneNodes()
    {
        var shown = await statuses.Standing(StatusKind.BgpSession, null, CancellationToken.None);
        var known = View.Nodes.Select(node => node.Name).ToHashSet();
        await Task.WhenAll(shown.Select(status => status.Node).Distinct().Where(node => !known.Contains(node))
            .Select(node => GrainFactory.Node(node).Reroute()));
    }

    /// <summary>
    /// Elections wait for the nodes that the record knows, so that a directory without memory takes nothing from a node that has not spoken yet.
    /// </summary>
    private void HeardAll()
    {
        if (_asked && View.Nodes.All(node => _heard.Contains(node.Name))) _heardAll.TrySetResult();
    }

    private void ElectionFailed(ServiceName service, Exception fault)
    {
        logger.ElectionFailed(service, fault);
        this.After(options.Value.RetryDelay, () => _elections.Add(service));
    }

    /// <summary>Moves a few services at a time to where they are better placed. Looks at all of them only when that may have changed.</summary>
    private async Task Rebalance()
    {
        var situation = Situation();
        if (situation == _settled || View.Nodes.Count(node => node.Alive) < 2) return;
        var (looked, moved, loaded) = (0, 0, _book.WithLoads(View));
        foreach (var service in _book.Placed.ToList())
        {
            if (moved >= options.Value.MovesPerInterval) return;
            if (++looked % LooksPerTurn == 0) await Task.Yield();
            if (!_book.WouldImprove(service, loaded, options.Value.Tolerance) || !await GrainFactory.Service(service).Rebalance()) continue;
            moved++;
            loaded = _book.WithLoads(View);
        }
        if (moved == 0) _settled = situation;
    }

    private (long View, int Free, int Most, int Least) Situation()
    {
        var alive = View.Nodes.Where(node => node.Alive).ToList();
        var loads = alive.Select(node => _book.LoadOf(node.Name)).DefaultIfEmpty().ToList();
        return (View.Version, alive.Count(node => node.HeldUntil is null), loads.Max(), loads.Min());
    }
}
