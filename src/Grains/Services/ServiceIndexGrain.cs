using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansLb.Client;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Status;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Services;

/// <inheritdoc cref="IServiceIndexGrain"/>
/// <remarks>Other programs know it as <see cref="IServiceDirectoryGrain"/>.</remarks>
[Reentrant, KeepAlive]
public sealed class ServiceIndexGrain(
    IStatusObjectStore statuses, IOptions<ReportOptions> options, IOptions<ServiceOptions> serving, TimeProvider time, ILogger<ServiceIndexGrain> logger)
        : Grain, IServiceIndexGrain, IServiceDirectoryGrain
{
    private const int CallsAtOnce = 64;

    private readonly SortedDictionary<ServiceName, ServiceSummary> _rows = [];
    private KeyedQueue<ServiceName> _calls = null!;
    private Task _recovered = Task.CompletedTask;
    private readonly Followers _followers = new(time, logger);
    private long _revision;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _calls = new(CallsAtOnce, service => GrainFactory.Service(service).Reconsider(), ReconsiderFailed);
        _recovered = Recover();
        _recovered.Observe(logger, "Asking the services how they stand", () => this.After(serving.Value.RetryDelay, Recover));
        var keeper = new StatusKeeper(StatusKind.ServiceLayer2, statuses, options.Value, time, Announcements);
        var reporting = new Reporting(
            () => _revision + keeper.Period, keeper.Step, new(options.Value.Interval, options.Value.RetryLimit), time,
            fault => logger.StatusNotWritten("announcements on the segment", fault.Message));
        this.RegisterGrainTimer(reporting.Turn, new() { DueTime = options.Value.Interval, Period = options.Value.Interval, Interleave = true });
        return Task.CompletedTask;
    }

    public Task Report(ServiceSummary summary)
    {
        var before = _rows.GetValueOrDefault(summary.Service);
        Put(summary, ServiceState.Of(summary), before is null ? null : ServiceState.Of(before));
        return Task.CompletedTask;
    }

    public Task Remove(ServiceName service, string uid)
    {
        _revision++;
        if (_rows.GetValueOrDefault(service)?.Uid != uid || !_rows.Remove(service)) return Task.CompletedTask;
        _followers.Changed(service, null);
        return Task.CompletedTask;
    }

    public async Task<EquatableList<ServiceSummary>> Services()
    {
        await Task.WhenAny(_recovered);
        return _rows.Values.ToEquatableList();
    }

    public Task<ServiceSummary?> Find(ServiceName service) => Task.FromResult(_rows.GetValueOrDefault(service));

    public Task<EquatableList<Assignment>> AssignedTo(NodeName node) => Task.FromResult(
        _rows.Values.Where(row => row.Announcer == node).SelectMany(row => row.Assignments).ToEquatableList());

    public async Task ConfigurationChanged(long version)
    {
        foreach (var service in await GrainFactory.Sync().ServiceNamesRead()) _calls.Add(service);
    }

    public async Task AddressesFreed(PoolName pool, EquatableList<ServiceName> refused)
    {
        foreach (var service in refused) _calls.Add(service);
        var ranges = (await GrainFactory.Configuration().Current()).Pools.FirstOrDefault(known => known.Name == pool)?.Ranges ?? [];
        foreach (var row in _rows.Values.Where(row => !row.IsAssigned || (row.Lacks is { } family && ranges.Any(range => range.Family == family))))
            _calls.Add(row.Service);
    }

    public async Task<ServiceState?> StateOf(ServiceName service)
    {
        await Task.WhenAny(_recovered);
        return _rows.GetValueOrDefault(service) is { } row ? ServiceState.Of(row) : null;
    }

    public async Task<EquatableList<ServiceState>> States()
    {
        await Task.WhenAny(_recovered);
        return AllStates();
    }

    public async Task<AddressState?> HolderOf(Address address)
    {
        await Task.WhenAny(_recovered);
        var holders = _rows.Values.Where(row => row.Addresses.Contains(address)).ToList();
        var reserved = (await GrainFactory.Sync().ClaimAt(address))?.Reserved;
        if (holders.Count == 0 && reserved is null) return null;
        return new(address, holders.Select(row => row.Service).ToEquatableList(),
            holders.Select(row => row.Announcer).FirstOrDefault(announcer => announcer is not null), reserved);
    }

    public async Task<FollowGrant> Follow(IServiceObserver observer, FeedPosition? position)
    {
        await Task.WhenAny(_recovered);
        if (_followers.Renew(observer, position)) return new(_followers.Position, Followers.Lease, null);
        var isPartial = !await KnowsAll();
        return new(_followers.Position, Followers.Lease, AllStates(), isPartial);
    }

    public Task Unfollow(IServiceObserver observer)
    {
        _followers.Forget(observer);
        return Task.CompletedTask;
    }

    private EquatableList<ServiceState> AllStates() => _rows.Values.Select(ServiceState.Of).ToEquatableList();

    /// <summary>The record is read, and each of its services was heard of.</summary>
    private async Task<bool> KnowsAll() =>
        (await GrainFactory.Sync().Status()).Complete && (await GrainFactory.Sync().ServiceNamesRead()).All(_rows.ContainsKey);

    private void Put(ServiceSummary row, ServiceState now, ServiceState? before)
    {
        _rows[row.Service] = row;
        _revision++;
        if (now != before) _followers.Changed(row.Service, now);
    }

    /// <summary>Null until every service was heard of.</summary>
    private async Task<IReadOnlyCollection<StatusObject>?> Announcements()
    {
        if (!_recovered.IsCompleted || !(await GrainFactory.Sync().Status()).Complete) return null;
        var view = _rows.Values.Any(Layer2Announcement.NeedsLinks) ? await GrainFactory.NodeDirectory().Current() : ClusterView.Empty;
        return [.. _rows.Values.Select(row => Layer2Announcement.Of(row, view)).OfType<StatusObject>()];
    }

    /// <summary>After the loss of this activation the services still know how they stand; what it was to tell them, they find out.</summary>
    private async Task Recover()
    {
        foreach (var service in await GrainFactory.Sync().ServiceNamesRead())
        {
            if (await GrainFactory.Service(service).Status() is not { } summary) continue; // not served yet: whoever serves it first keeps to an order
            if (!_rows.ContainsKey(service)) Put(summary, ServiceState.Of(summary), null);
            _calls.Add(service);
        }
    }

    private void ReconsiderFailed(ServiceName service, Exception fault)
    {
        logger.ReconsiderFailed(service, fault);
        this.After(serving.Value.RetryDelay, () => _calls.Add(service));
    }
}
