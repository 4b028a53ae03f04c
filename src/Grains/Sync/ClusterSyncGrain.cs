using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Election;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Services;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Sync;

/// <inheritdoc cref="IClusterSyncGrain"/>
[Reentrant, KeepAlive]
public sealed class ClusterSyncGrain(
    IClusterFeed feed, IAcceptedForms forms, IOptions<ServiceOptions> options, TimeProvider time, ILogger<ClusterSyncGrain> logger)
    : Grain, IClusterSyncGrain, IDisposable
{
    private readonly ClusterImage _image = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _declaredRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _nodesRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _claimsRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _servicesRead = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ServiceDispatch _dispatch = null!;
    private FeedReader _reader = null!;
    private FormKeeper _forms = null!;
    private Task _reading = Task.CompletedTask;
    private bool _complete;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _dispatch = new(GrainFactory, _image, options.Value, (delay, then) => this.After(delay, then), logger);
        _forms = new(forms, options.Value, (delay, then) => this.After(delay, then), logger, _stopping.Token);
        _reader = new(feed, Take, new(options.Value.RetryDelay, options.Value.RetryLimit), time, logger);
        _reading = _reader.Run(_stopping.Token);
        var compare = options.Value.CompareInterval;
        this.RegisterGrainTimer(CompareWithIndex, new() { DueTime = compare, Period = compare, Interleave = true });
        return Task.CompletedTask;
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await Task.WhenAny(_reading);
    }

    public void Dispose() => _stopping.Dispose();

    public Task Start() => Task.CompletedTask; // it reads from its activation on

    public Task<SyncStatus> Status() => Task.FromResult(
        new SyncStatus(_reader.IsReading, _complete, _image.Services.Count, _reader.Restarts, _reader.LastFault, _reader.LastChange));

    public async Task<ServiceRequest?> FindService(ServiceName service)
    {
        await _servicesRead.Task;
        return _image.Services.GetValueOrDefault(service);
    }

    public Task Tell(ServiceName service)
    {
        Activity.Current = null; // whoever asks is not the cause of what the service does
        _dispatch.Add(service);
        return Task.CompletedTask;
    }

    public Task<EquatableList<ServiceName>> ServiceNamesRead() => Task.FromResult(
        _image.Services.Values.Where(service => service.IsWanted).Select(service => service.Service).Order().ToEquatableList());

    public Task<EquatableList<ServiceName>> ServiceNamesTold() => Task.FromResult(
        _image.Services.Values.Where(service => service.IsWanted && _dispatch.IsServed(service.Service)).Select(service => service.Service).Order()
            .ToEquatableList());

    public async Task<EquatableList<AddressClaim>> ClaimsOf(ServiceName service)
    {
        await _claimsRead.Task;
        return _image.ClaimsOf(service);
    }

    public async Task<AddressClaim?> ClaimAt(Address address)
    {
        await _claimsRead.Task;
        return _image.ClaimAt(address);
    }

    public async Task<EquatableList<PoolName>> ClaimedPools()
    {
        await _claimsRead.Task;
        return _image.ClaimedPools.ToEquatableList();
    }

    public async Task<EquatableList<NodeFacts>> Nodes()
    {
        await _nodesRead.Task;
        return _image.Nodes.ToEquatableList();
    }

    public async Task<DeclaredConfiguration> Declared()
    {
        await _declaredRead.Task;
        return _image.Declared!;
    }

    private async Task Take(ClusterChange change)
    {
        logger.Heard(change);
        Activity.Current = null; // each change begins a trace of its own, whatever call began the reading
        using var activity = GrainsTelemetry.Activities.StartActivity($"sync {change.GetType().Name}");
        await (change switch
        {
            ClusterChange.ConfigurationRead read => ConfigurationRead(new(read.Declarations, read.Problems, read.Unreadable, read.Accepted)),
            ClusterChange.NodesRead read => NodesRead(read.Nodes),
            ClusterChange.NodeChanged changed => NodeChanged(changed.Node),
            ClusterChange.NodeGone gone => NodeGone(gone.Node),
            ClusterChange.ClaimsRead read => ClaimsRead(read.Claims),
            ClusterChange.ClaimChanged changed => ClaimChanged(changed.Claim),
            ClusterChange.ClaimGone gone => ClaimGone(gone.Claim),
            ClusterChange.ServicesRead read => ServicesRead(read.Services),
            ClusterChange.ServiceChanged changed => ServiceChanged(changed.Service),
            ClusterChange.ServiceGone gone => ServiceGone(gone.Service, gone.Uid),
            _ => Task.CompletedTask,
        });
    }

    /// <summary>A pool that is new knows its claims before any service can ask for an address of it.</summary>
    private async Task ConfigurationRead(DeclaredConfiguration declared)
    {
        var former = _image.ConfiguredPools.ToHashSet();
        _image.Declared = declared;
        if (_claimsRead.Task.IsCompleted) await TellClaims(_image.Claims, _image.ConfiguredPools.Where(pool => !former.Contains(pool)));
        _declaredRead.TrySetResult();
        _forms.Keep(await GrainFactory.Configuration().Apply(declared));
    }

    private Task NodesRead(EquatableList<NodeFacts> nodes)
    {
        _image.Read(nodes);
        _nodesRead.TrySetResult();
        return GrainFactory.NodeDirectory().FactsRead(nodes);
    }

    private Task NodeChanged(NodeFacts node)
    {
        _image.Put(node);
        return GrainFactory.NodeDirectory().FactsChanged(node);
    }

    private Task NodeGone(NodeName node)
    {
        _image.Remove(node);
        return GrainFactory.NodeDirectory().FactsGone(node);
    }

    /// <summary>A pool that has no claim any more is told so too.</summary>
    private async Task ClaimsRead(EquatableList<AddressClaim> claims)
    {
        var former = _image.Claims.Select(claim => claim.Pool).ToList();
        _image.Read(claims);
        _claimsRead.TrySetResult();
        await TellClaims(claims, _image.ClaimedPools.Concat(former).Concat(_image.ConfiguredPools));
    }

    private Task TellClaims(IEnumerable<AddressClaim> claims, IEnumerable<PoolName> pools)
    {
        var told = pools.Where(pool => pool.Value.Length > 0).ToHashSet();
        if (told.Count == 0) return Task.CompletedTask;
        var byPool = claims.SelectMany(claim => _image.PoolsOf(claim).Where(told.Contains).Select(pool => (Pool: pool, Claim: claim)))
            .ToLookup(claim => claim.Pool, claim => claim.Claim);
        return Task.WhenAll(told.Select(pool => GrainFactory.Pool(pool).ClaimsRead(byPool[pool].ToEquatableList())));
    }

    private async Task ClaimChanged(AddressClaim claim)
    {
        var before = _image.ClaimAt(claim.Address);
        _image.Put(claim);
        await Task.WhenAll(_image.PoolsOf(claim).Select(pool => GrainFactory.Pool(pool).ClaimChanged(claim)));
        if (!_complete) return;
        await Collect(claim);
        if (before is not null) await Deprived(before);
    }

    private async Task ClaimGone(AddressClaim claim)
    {
        _image.RemoveClaim(claim.Address);
        await Task.WhenAll(_image.PoolsOf(claim).Select(pool => GrainFactory.Pool(pool).ClaimGone(claim)));
        if (_complete) await Deprived(claim);
    }

    private async Task Deprived(AddressClaim before)
    {
        foreach (var holder in before.Holders) await Reclaim(_image.Services.GetValueOrDefault(holder.Service));
    }

    /// <summary>A service that shows what it does not hold claims it, or finds another address.</summary>
    private Task Reclaim(ServiceRequest? service) =>
        service is not null && _image.ShowsUnclaimed(service) ? GrainFactory.Service(service.Service).Reconsider() : Task.CompletedTask;

    /// <summary>
    /// Those that hold addresses first, so that nobody takes what is theirs, and among them last those that may need others: latecomers, one after the other,
    /// and those whose addresses are of no pool; then those that wait, the oldest first; then claims that nobody is left to hold.
    /// </summary>
    private async Task ServicesRead(EquatableList<ServiceRequest> services)
    {
        if (!_complete) await GrainFactory.Routes().Begin();
        var present = services.Select(service => service.Service).ToHashSet();
        var gone = _image.Services.Values.Where(known => !present.Contains(known.Service)).ToList();
        foreach (var service in gone) _dispatch.Remove(service);
        foreach (var service in services) _dispatch.Note(service);
        var holding = services.Where(_image.IsHolding).ToList();
        var late = _image.Latecomers(holding);
        _dispatch.HoldBack(late);
        _servicesRead.TrySetResult();
        if (!_complete) await CompareWithIndex();
        var early = (late.Count == 0 ? holding : holding.Except(late)).ToLookup(_image.IsAtHome);
        if (!_complete) await Resume(early[true].Where(service => _dispatch.IsUnheardOf(service.Service)));
        await _dispatch.Tell(early[true]);
        foreach (var service in late) await _dispatch.Tell([service]);
        await _dispatch.Tell(early[false]);
        await _dispatch.Tell(gone);
        foreach (var service in services.Where(service => !_image.IsHolding(service)).OrderBy(service => service.Created)) _dispatch.Add(service.Service);
        CompleteSoon();
    }

    /// <summary>
    /// When all begins anew, what stood before is on the wire before the first service is looked at: they take a while, and their askers need not wait for it.
    /// What the index has heard of was looked at already: it elects by itself, and names the announcer that it has.
    /// </summary>
    private async Task Resume(IEnumerable<ServiceRequest> services)
    {
        try
        {
            var configuration = await GrainFactory.Configuration().Current();
            var standing = services.Select(service => StandingService.Of(service, _image.ClaimsOf(service.Service), configuration))
                .OfType<StandingService>().ToEquatableList();
            if (standing.Count > 0) await GrainFactory.NodeDirectory().Resume(standing);
        }
        catch (Exception fault)
        {
            logger.NotResumed(fault); // each of them elects itself
        }
    }

    /// <summary>Services that vanished while this grain had no memory are told to go; services that are not served are told to be.</summary>
    private async Task CompareWithIndex()
    {
        if (!_servicesRead.Task.IsCompleted) return;
        var rows = (await GrainFactory.ServiceIndex().Services()).ToDictionary(row => row.Service, row => row.Uid);
        foreach (var (service, uid) in rows.Where(row => _image.Services.GetValueOrDefault(row.Key)?.Uid != row.Value))
        {
            _dispatch.NoteGone(service, uid);
            _dispatch.Add(service);
        }
        if (!_complete)
        {
            _dispatch.NoteIndexed(rows.Keys);
            return;
        }
        foreach (var service in _image.Services.Values.Where(service => service.IsWanted != rows.ContainsKey(service.Service)).ToList())
        {
            if (!service.IsWanted) _dispatch.NoteServed(service.Service);
            _dispatch.Add(service.Service);
        }
    }

    private void CompleteSoon() =>
        Complete().Observe(logger, "Collecting claims of services that are gone", () => this.After(options.Value.RetryDelay, CompleteSoon));

    private async Task Complete()
    {
        await _dispatch.WhenIdle();
        if (!_complete) logger.Ready(_image.Services.Count);
        _complete = true;
        foreach (var claim in _image.Claims.ToList()) await Collect(claim);
        foreach (var service in _image.Services.Values.ToList()) await Reclaim(service);
        await GrainFactory.Routes().Completed();
    }

    /// <summary>A claim may appear when its service has no use for it any more: whoever wrote it lost its memory, or the answer was lost.</summary>
    private async Task Collect(AddressClaim claim)
    {
        foreach (var stray in _image.Strays(claim).ToList()) _dispatch.Add(stray.Service);
        foreach (var service in _image.HoldersOfMore(claim).ToList()) await GrainFactory.Service(service).Reconsider();
    }

    private Task ServiceChanged(ServiceRequest service)
    {
        _dispatch.Note(service);
        _dispatch.Add(service.Service);
        return _complete ? Reclaim(service) : Task.CompletedTask;
    }

    private Task ServiceGone(ServiceName service, string uid)
    {
        if (_image.Services.GetValueOrDefault(service) is { } known && known.Uid == uid) _dispatch.Remove(known);
        _dispatch.Add(service);
        return Task.CompletedTask;
    }
}
