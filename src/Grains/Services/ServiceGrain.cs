using System.Collections.Immutable;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Election;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Routes;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Services;

/// <inheritdoc cref="IServiceGrain"/>
/// <remarks>Calls only note what changed and ask for a run; a run decides, assigns and records, one at a time. An election may run while the record is being written.</remarks>
[Reentrant, KeepAlive]
public sealed class ServiceGrain(
    IServiceStatusWriter writer, IEventRecorder events, IOptions<ServiceOptions> options, TimeProvider time, ILogger<ServiceGrain> logger) : Grain, IServiceGrain
{
    private ServiceName _service;
    private ServiceAddresses _addresses = null!;
    private ServiceAnnouncer _announcer = null!;
    private ServiceRoutes _routes = null!;
    private ServiceRecord _record = null!;
    private ServiceConflicts _conflicts = null!;
    private InsistentRun _working = null!;
    private SingleFlight _placing = null!;
    private SingleFlight _reviewing = null!;
    private readonly ServiceStopwatch _stopwatch = new();
    private readonly TaskCompletionSource _observed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ServiceRequest? _request;
    private ServiceRequest? _settled;

    /// <summary>The request that the last election was held for; null when another is due. Nodes that change ask for one themselves.</summary>
    private ServiceRequest? _placed;
    private EquatableList<Layer2Advertisement> _advertisements = [];
    private ImmutableHashSet<Address> _probed = [];
    private bool _stale;

    /// <summary>There may be addresses that the service held and is to let go of, once they are neither announced nor shown.</summary>
    private bool _leaves;
    private bool _recalled;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _service = ServiceName.Parse(this.GetPrimaryKeyString());
        _addresses = new(new GrainBooks(GrainFactory), _service);
        _announcer = new(GrainFactory, _service, time);
        _routes = new(GrainFactory, _service, time);
        _record = new(_service, writer, events, time, logger);
        _conflicts = new(GrainFactory, _addresses, _announcer, _record);
        _working = new(Serve, new(options.Value.RetryDelay, options.Value.RetryLimit), PutOff);
        _placing = new(Place);
        _reviewing = new(Review);
        return Task.CompletedTask;
    }

    public async Task<bool> Observe(ServiceRequest request)
    {
        _stopwatch.Changed(time.GetUtcNow());
        _request = request;
        await _working.Run();
        _observed.TrySetResult();
        return _working.IsDone;
    }

    public async Task<bool> Gone(string uid)
    {
        _request ??= ServiceRequest.Gone(_service, uid);
        if (_request.Uid != uid) return await _addresses.ReleaseOf(uid);
        _request = _request with { Wanted = false, Held = [], Finalizer = null };
        _record.Forget();
        await _working.Run();
        return _working.IsDone;
    }

    public async Task NodesChanged()
    {
        _stopwatch.NodesChanged(time.GetUtcNow());
        var before = _announcer.Assignments;
        if (_settled is null) await _working.Run();
        else await _placing.Run();
        if (_announcer.Assignments == before) await _announcer.Assert(); // the node may have forgotten what it was told
        _working.Run().Observe(logger, "Recording an election");
    }

    public Task Reconsider()
    {
        _stale = true;
        _working.Run().Observe(logger, "Thinking again");
        return Task.CompletedTask;
    }

    public async Task<bool> Rebalance()
    {
        if (_settled is not { } request || !await _announcer.Improve(request, _addresses.Holdings, _advertisements)) return false;
        _working.Run().Observe(logger, "Recording a move");
        return true;
    }

    public async Task<MoveOutcome> Move(NodeName to)
    {
        if (_settled is null) await _working.Run();
        if (_settled is not { } request) return MoveOutcome.Refuse(null, $"service {_service} is not served here: there is none of that name, or it is not ours.");
        if (IsRoutedOnly) return MoveOutcome.Refuse(null, $"service {_service} is announced by BGP alone, by every node that may.");
        var outcome = await _announcer.Move(to, request, _addresses.Holdings, _advertisements);
        _working.Run().Observe(logger, "Recording a move");
        if (outcome.Moved && _announcer.IsWaiting) await Task.WhenAny(_announcer.Announced, Task.Delay(options.Value.MoveWait, time));
        return outcome;
    }

    public async Task Announced(NodeName node, Address address, long epoch, DateTimeOffset at)
    {
        if (!await _announcer.Take(node, address, epoch, at)) return;
        _stopwatch.Announced(at);
        _working.Run().Observe(logger, "Recording an announcement");
    }

    public async Task Conflicted(AddressConflict conflict)
    {
        if (_settled is not { } request) return;
        var moves = await _conflicts.Resolve(conflict, request);
        if (moves == true)
        {
            _stale = true;
            _announcer.StopWaiting();
            await _working.Run();
        }
        else if (moves is null) this.After(options.Value.RetryDelay, () => Conflicted(conflict));
    }

    public Task Interrupted(NodeName node, Address address, long epoch)
    {
        if (_settled is null) _working.Run().Observe(logger, "Serving for want of a memory");
        else _announcer.Renew(node, address, epoch).Observe(logger, "Assigning an address anew");
        return Task.CompletedTask;
    }

    public Task Reroute() => _routes.Repeat();

    public Task<bool> Announces(NodeName node, Assignment assignment)
    {
        if (_announcer.Node is null || _settled is null)
        {
            _announcer.Recall(node, assignment);
            _placed = null;
            _working.Run().Observe(logger, "Remembering an announcer");
        }
        else _reviewing.Run().Observe(logger, "Looking whether the service is still the same");
        return Task.FromResult(_announcer.Needs(node, assignment.Address));
    }

    /// <summary>Never serves by itself: what a service does is to be traced to its change, not to the question.</summary>
    public async Task<ServiceExplanation?> Explain()
    {
        if (_request is null)
        {
            if (await GrainFactory.Sync().FindService(_service) is not { IsWanted: true }) return null;
            await GrainFactory.Sync().Tell(_service);
            await Task.WhenAny(_observed.Task, Task.Delay(options.Value.ExplainWait, time));
        }
        if (_request is not { IsWanted: true } request) return null;
        var configuration = await GrainFactory.Configuration().Current();
        var rejected = _addresses.Rejected.Concat(PoolAlternatives.Of(request, configuration, _addresses.Holdings, _addresses.Rejected)).ToEquatableList();
        var election = _announcer.Election;
        return new(Summary(), rejected, election?.Rejected ?? [], election?.Candidates.Select(candidate => candidate.Node).ToEquatableList() ?? [], _record.History, election?.Others.ToEquatableList() ?? []);
    }

    public Task<ServiceSummary?> Status() => Task.FromResult(_request is { IsWanted: true } && _recalled ? Summary() : null);

    /// <summary>One run: decides, assigns and records. False: something is left to do.</summary>
    private async Task<bool> Serve()
    {
        _request ??= await GrainFactory.Sync().FindService(_service);
        if (_request is not { } request) return await Vanish();
        if (!request.IsWanted) return await LetGo(request);
        if (_stale || _settled is null || !request.AsksTheSameAs(_settled))
        {
            (_stale, _placed) = (false, null); // now: a call may set it again while the pools are asked
            var configuration = await GrainFactory.Configuration().Current();
            await Recall(request, configuration);
            if (!await _addresses.Settle(request, configuration)) return false;
            _probed = Probed(configuration);
            _leaves = true;
            _advertisements = Advertising.Of(request, _addresses.Holdings, configuration);
            _routes.Settle(request, _addresses.Holdings, configuration);
        }
        _settled = request;
        await Task.WhenAll(ReferenceEquals(_placed, request) ? Task.CompletedTask : _placing.Run(), _routes.Tell(request, _addresses.Holdings));
        await Record(request);
        if (_leaves && !_stale && !_announcer.IsHandingOver) _leaves = !await _addresses.LetGoOfOthers(request.Uid);
        return !_leaves || _stale || _announcer.IsHandingOver;
    }

    /// <summary>A change may have been lost with the grain that was to tell of it.</summary>
    private async Task Review()
    {
        var found = await GrainFactory.Sync().FindService(_service);
        if (found is null && _request is { } gone) await Gone(gone.Uid);
        else if (found is not null && found != _request) await Observe(found);
    }

    /// <summary>There is no such service, whatever a node that lost its memory may say.</summary>
    private async Task<bool> Vanish()
    {
        await _announcer.Withdraw();
        DeactivateOnIdle();
        return true;
    }

    /// <summary>First nobody announces the addresses, then the service does not show them, then they are free, and last the service may go.</summary>
    private async Task<bool> LetGo(ServiceRequest request)
    {
        _settled = null;
        await RecallAnnouncer(request);
        await Task.WhenAll(_announcer.Withdraw(), _routes.Withdraw());
        await _record.Clear(request);
        if (!await _addresses.Release(request.Uid)) return false;
        await _record.Finish(request);
        await GrainFactory.ServiceIndex().Remove(_service, request.Uid);
        if (ReferenceEquals(_request, request)) DeactivateOnIdle();
        return true;
    }

    private async Task Recall(ServiceRequest request, ClusterConfiguration configuration)
    {
        if (_recalled) return;
        await _addresses.Recall(request, configuration);
        await RecallAnnouncer(request);
        _recalled = true;
    }

    private async Task RecallAnnouncer(ServiceRequest request)
    {
        if (!_recalled && await GrainFactory.ServiceIndex().Find(_service) is { } known && known.Uid == request.Uid) _announcer.Recall(known);
    }

    private async Task Place()
    {
        if (_settled is not { } request) return;
        if (IsRoutedOnly)
        {
            await _announcer.Withdraw();
            _placed = request;
            return;
        }
        var before = _announcer.Node;
        await _announcer.Place(request, _addresses.Holdings, _advertisements, _probed);
        _placed = request;
        if (_announcer.Node != before) GrainsTelemetry.Elected(_announcer.Why.Reason);
    }

    /// <summary>An announcement that is on its way is waited for a moment, so that one write tells both.</summary>
    private async Task Record(ServiceRequest request)
    {
        if (_announcer.IsWaiting) await Task.WhenAny(_announcer.Announced, Task.Delay(options.Value.AnnounceWait, time));
        if (_stale) return; // it is decided anew at once, and what stood for a moment is told to nobody
        var summary = Summary();
        await GrainFactory.ServiceIndex().Report(summary);
        await _record.Write(request, summary);
        if (_announcer.IsWaiting) this.After(options.Value.RemindDelay, Remind);
        else _stopwatch.Settled();
    }

    private async Task Remind()
    {
        if (await _announcer.Assert()) await _working.Run();
        else if (_announcer.IsWaiting) this.After(options.Value.RemindDelay, Remind);
    }

    private void PutOff(Exception? fault, TimeSpan delay, Func<Task> run)
    {
        logger.PutOff(_service, delay, fault);
        this.After(delay, () =>
        {
            _stale = true;
            return run();
        });
    }

    /// <summary>Addresses that were never used, of pools that want to know whether somebody else does.</summary>
    private ImmutableHashSet<Address> Probed(ClusterConfiguration configuration) => [.. _addresses.Holdings
        .Where(holding => _addresses.Fresh.Contains(holding.Address) && configuration.Pools.FirstOrDefault(pool => pool.Name == holding.Pool)?.Conflicts.Probe == true)
        .Select(holding => holding.Address)];

    /// <summary>Announced by BGP and by no node on the segment.</summary>
    private bool IsRoutedOnly => _advertisements.Count == 0 && _routes.IsAdvertised;

    private ServiceSummary Summary() => new(
        _service, _request!.Uid,
        _addresses.Holdings.Select(holding => holding.Address).ToEquatableList(),
        _addresses.Holdings.Select(holding => holding.Pool).Distinct().ToEquatableList(),
        _addresses.Reason, _addresses.Message,
        _announcer.Node, _announcer.Assignments, IsRoutedOnly ? _routes.ToldAt : _announcer.AnnouncedAt,
        IsRoutedOnly ? _routes.Reason : _announcer.Why.Reason,
        IsRoutedOnly ? _routes.Message : _announcer.Why.Message);
}
