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
/// <remarks>
/// Calls only note what changed and ask for a run; a run decides, assigns and records, one at a time. An election may run while the record is being written.
/// </remarks>
[Reentrant, KeepAlive]
public sealed class ServiceGrain(
    IServiceStatusWriter writer, IEventRecorder events, IOptions<ServiceOptions> options, TimeProvider time, ILogger<ServiceGrain> logger)
    : Grain, IServiceGrain
{
    private ServiceName _service;
    private ServiceAddresses _addresses = null!;
    private ServiceAnnouncer _announcer = null!;
    private ServiceRoutes _routes = null!;
    private ServicePlacing _placement = null!;
    private ServiceTelling _telling = null!;
    private ServiceRecord _record = null!;
    private ServiceMemory _memory = null!;
    private ServiceConflicts _conflicts = null!;
    private ConflictMemory _claims = null!;
    private InsistentRun _working = null!;
    private ServiceWaits _waits = null!;
    private SingleFlight _placing = null!;
    private SingleFlight _reviewing = null!;
    private readonly ServiceStopwatch _stopwatch = new();
    private readonly TaskCompletionSource _observed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ServiceRequest? _request;
    private ServiceRequest? _settled;
    private bool _stale;

    /// <summary>Somebody else has the service show other addresses than those that it was given here, and what it was given since is not shown yet.</summary>
    private bool _contested;

    /// <summary>There may be addresses that the service held and is to let go of, once they are neither announced nor shown.</summary>
    private bool _leaves;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _service = ServiceName.Parse(this.GetPrimaryKeyString());
        _addresses = new(new GrainBooks(GrainFactory), _service);
        _announcer = new(GrainFactory, _service, time);
        _routes = new(GrainFactory, _service, time);
        _record = new(_service, writer, events, time, options.Value, logger);
        _memory = new(GrainFactory, _service, _addresses, _announcer);
        _placement = new(_addresses, _announcer, _routes, _stopwatch);
        _claims = new(options.Value.ConflictMemory);
        _telling = new(_service, _addresses, _announcer, _routes, _placement, _record, _claims);
        _conflicts = new(GrainFactory, _addresses, _announcer, _record, _claims);
        _working = new(Run, new(options.Value.RetryDelay, options.Value.RetryLimit), PutOff);
        _waits = new(this.After, _working.Run, options.Value);
        _placing = new(Place);
        _reviewing = new(Review);
        return Task.CompletedTask;
    }

    public async Task<bool> Observe(ServiceRequest request)
    {
        logger.Observed(_service, request.Uid, request.IsWanted, request.Held);
        _stopwatch.Changed(time.GetUtcNow());
        _request = request;
        await _working.Run();
        _observed.TrySetResult();
        return _working.IsDone;
    }

    /// <summary>
    /// What is known grows old: the run that comes now has the use of it, and no other. Whoever tells it anew lost its memory, and the directory may have lost
    /// its own with it: only an election lets that know of a service whose node died with both.
    /// </summary>
    public async Task<bool> Restore(ServiceRequest request, ServiceTraces traces)
    {
        _memory.Traces = traces;
        _placement.Expire();
        try
        {
            return await Observe(request);
        }
        finally
        {
            _memory.Traces = null;
        }
    }

    public async Task<bool> Gone(string uid)
    {
        logger.ToldGone(_service, uid);
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
        if (_settled is not { } request || !await _placement.Improve(request)) return false;
        _working.Run().Observe(logger, "Recording a move");
        return true;
    }

    public async Task<MoveOutcome> Move(NodeName to)
    {
        if (_settled is null) await _working.Run();
        if (_settled is not { } request)
            return MoveOutcome.Refuse(null, $"service {_service} is not served here: there is none of that name, or it is not ours.");
        if (_placement.IsRoutedOnly) return MoveOutcome.Refuse(null, $"service {_service} is announced by BGP alone, by every node that may.");
        var outcome = await _placement.Move(to, request);
        _working.Run().Observe(logger, "Recording a move");
        if (outcome.Moved && _announcer.IsWaiting) await Task.WhenAny(_announcer.Announced, Task.Delay(options.Value.MoveWait, time));
        return outcome;
    }

    public async Task Announced(NodeName node, Address address, long epoch, DateTimeOffset at)
    {
        _claims.Announced(address);
        if (!await _announcer.Take(node, address, epoch, at)) return;
        _stopwatch.Announced(at);
        _working.Run().Observe(logger, "Recording an announcement");
    }

    public async Task Conflicted(AddressConflict conflict)
    {
        if (_settled is not { } request) return;
        if (await _conflicts.Note(conflict, time.GetUtcNow())) RecordConflict();
        var moves = await _conflicts.Resolve(conflict, request);
        if (moves == true)
        {
            _stale = true;
            _announcer.StopWaiting();
            await _working.Run();
        }
        else if (moves is null) this.After(options.Value.RetryDelay, () => Conflicted(conflict));
    }

    private void RecordConflict()
    {
        _working.Run().Observe(logger, "Recording a conflict");
        this.After(options.Value.ConflictMemory, () => _claims.Expire(time.GetUtcNow(), _addresses.Holdings) ? _working.Run() : Task.CompletedTask);
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
            _placement.Expire();
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
        return _telling.Explain(request, await GrainFactory.Configuration().Current());
    }

    public Task<ServiceSummary?> Status() => Task.FromResult(_request is { IsWanted: true } && _memory.IsComplete ? _telling.Summarize(_request) : null);

    private async Task<bool> Run()
    {
        logger.RunBegins(_service);
        var isDone = await Serve();
        logger.RunEnded(_service, isDone);
        return isDone;
    }

    /// <summary>One run: decides, assigns and records. False: something is left to do.</summary>
    private async Task<bool> Serve()
    {
        _request ??= await GrainFactory.Sync().FindService(_service);
        if (_request is not { } asked) return await Vanish();
        if (!asked.IsWanted) return await LetGo(asked);
        var request = _waits.Judge(asked);
        if (IsOutstripped(request)) _stale = _contested = true;
        if (_stale || _settled is null || !request.AsksTheSameAs(_settled))
        {
            _stale = false; // now: a call may set it again while the pools are asked
            _placement.Expire();
            var configuration = await GrainFactory.Configuration().Current();
            await _memory.Recall(request, configuration);
            if (_contested) await _addresses.PutShownFirst(request, configuration);
            if (!await _addresses.Settle(request, configuration)) return false;
            _leaves |= _contested || !_addresses.HoldsAllItsClaims;
            _claims.Expire(time.GetUtcNow(), _addresses.Holdings);
            _placement.Settle(request, configuration);
        }
        _settled = request;
        await Task.WhenAll(_placement.IsPlaced(request) ? Task.CompletedTask : _placing.Run(), _placement.TellRoutes(request));
        if (!await Record(request)) return true; // the announcement, or the end of patience, brings the next run
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
        _waits.End();
        await _memory.RecallAnnouncer(request);
        await _placement.Withdraw();
        await _record.Clear(request);
        if (!await _addresses.Release(request.Uid)) return false;
        await _record.Finish(request);
        await GrainFactory.ServiceIndex().Remove(_service, request.Uid);
        if (ReferenceEquals(_request, request)) DeactivateOnIdle();
        return true;
    }

    private Task Place() => _settled is { } request ? _placement.Place(request) : Task.CompletedTask;

    /// <summary>
    /// An announcement that is on its way, or may be with the first endpoint, is waited for a while, so that one write tells
    /// both; then this is false, and nothing is told yet.
    /// </summary>
    private async Task<bool> Record(ServiceRequest request)
    {
        if (_stale) return true; // it is decided anew at once, and what stood for a moment is told to nobody
        var summary = _telling.Summarize(request);
        var isNew = _record.AwaitsEndpoints(request, summary);
        if (_waits.Last(request, isNew, _announcer.IsUnderWay)) return false;
        if (isNew) this.After(options.Value.EndpointWait, _working.Run);
        await GrainFactory.ServiceIndex().Report(summary);
        if (!await _record.Write(request, summary, _addresses.PoolObject)) return DecideAnew();
        _contested = false;
        if (_announcer.IsWaiting) this.After(options.Value.RemindDelay, Remind);
        else _stopwatch.Settled();
        return true;
    }

    /// <summary>Others had it show addresses since the last decision, and before it showed any on the word of this one.</summary>
    private bool IsOutstripped(ServiceRequest request) =>
        _settled is { } settled && !_record.HasWritten && request.Held.Count > 0 && request.Held != settled.Held;

    /// <summary>Others were faster: once the feed has told what the service shows by now, that comes before what it was given here.</summary>
    private bool DecideAnew()
    {
        _stale = _contested = true;
        this.After(options.Value.RetryDelay, _working.Run);
        return false;
    }

    private async Task Remind()
    {
        if (await _announcer.Assert()) await _working.Run();
        else if (_announcer.IsWaiting) this.After(options.Value.RemindDelay, Remind);
    }

    private void PutOff(Exception? fault, TimeSpan delay, Func<Task> run)
    {
        if ((fault?.Message ?? _addresses.Unavailable) is { } why) logger.PutOff(_service, delay, why, fault);
        else logger.GoesOn(_service, delay);
        this.After(delay, () =>
        {
            _stale = true;
            return run();
        });
    }
}
