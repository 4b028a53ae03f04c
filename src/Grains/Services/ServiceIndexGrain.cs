using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Status;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Services;

/// <inheritdoc cref="IServiceIndexGrain"/>
[Reentrant, KeepAlive]
public sealed class ServiceIndexGrain(
    IStatusObjectStore statuses, IOptions<ReportOptions> options, IOptions<ServiceOptions> serving, TimeProvider time, ILogger<ServiceIndexGrain> logger) : Grain, IServiceIndexGrain
{
    private const int CallsAtOnce = 64;

    private readonly SortedDictionary<ServiceName, ServiceSummary> _rows = [];
    private KeyedQueue<ServiceName> _calls = null!;
    private Task _recovered = Task.CompletedTask;
    private long _revision;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _calls = new(CallsAtOnce, service => GrainFactory.Service(service).Reconsider(), ReconsiderFailed);
        _recovered = Recover();
        _recovered.Observe(logger, "Asking the services how they stand", () => this.After(serving.Value.RetryDelay, Recover));
        var keeper = new StatusKeeper(StatusKind.ServiceLayer2, statuses, options.Value, time, Announcements);
        var reporting = new Reporting(
            () => _revision + keeper.Period, keeper.Step, new(options.Value.Interval, options.Value.RetryLimit), time, fault => logger.StatusNotWritten("announcements on the segment", fault.Message));
        this.RegisterGrainTimer(reporting.Turn, new() { DueTime = options.Value.Interval, Period = options.Value.Interval, Interleave = true });
        return Task.CompletedTask;
    }

    public Task Report(ServiceSummary summary)
    {
        _rows[summary.Service] = summary;
        _revision++;
        return Task.CompletedTask;
    }

    public Task Remove(ServiceName service, string uid)
    {
        if (_rows.GetValueOrDefault(service) is { } row && row.Uid == uid) _rows.Remove(service);
        _revision++;
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

    public Task AddressesFreed(PoolName pool)
    {
        foreach (var row in _rows.Values.Where(row => !row.IsAssigned)) _calls.Add(row.Service);
        return Task.CompletedTask;
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
            _rows.TryAdd(service, summary);
            _calls.Add(service);
        }
    }

    private void ReconsiderFailed(ServiceName service, Exception fault)
    {
        logger.ReconsiderFailed(service, fault);
        this.After(serving.Value.RetryDelay, () => _calls.Add(service));
    }
}
