using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;

namespace OrleansLb.Grains.Services;

/// <summary>What the world is told of a service: its status, its events and its history. Says nothing twice.</summary>
internal sealed class ServiceRecord(ServiceName service, IServiceStatusWriter writer, IEventRecorder events, TimeProvider time, ServiceOptions options,
    ILogger logger)
{
    private const int HistoryLength = 32;

    private readonly Queue<Decision> _history = [];
    private readonly Dictionary<string, (Reason Reason, string Message)> _said = new(StringComparer.Ordinal);
    private ServiceStatus? _written;

    /// <summary>When the service was first told of to anybody.</summary>
    private DateTimeOffset? _began;

    /// <summary>The service had addresses when this grain first spoke of it.</summary>
    private bool? _stood;
    private EquatableList<Problem> _warnings = [];

    public EquatableList<Decision> History => _history.ToEquatableList();

    /// <summary>The service shows what it was told to by this.</summary>
    public bool HasWritten => _written is not null;

    /// <summary>True while nobody was told anything of a service that has no endpoints, as each new one: they come after it.</summary>
    public bool AwaitsEndpoints(ServiceRequest request, ServiceSummary summary) =>
        _began is null && request.Held.Count == 0 && summary is { IsAssigned: true, AnnouncerReason: Reason.NoEndpoint };

    /// <summary>Writes the status that the summary amounts to, unless it stands there already.</summary>
    /// <param name="pool">The object that declares the pool of its addresses.</param>
    /// <returns>False when somebody else has the service show other addresses than those that were known.</returns>
    public async Task<bool> Write(ServiceRequest request, ServiceSummary summary, ObjectReference? pool)
    {
        _stood ??= request.Held.Count > 0;
        _began ??= time.GetUtcNow();
        Warn(request);
        Say(request, summary);
        var status = StatusOf(request, summary, pool);
        if (status == _written && request.Held == status.Addresses && !LacksFinalizer(request)) return true;
        if (!await writer.Write(status, request.Held, CancellationToken.None)) return false;
        _written = status;
        return true;
    }

    /// <summary>Takes away what the service shows of ours; its finalizer stays until its addresses are released.</summary>
    public async Task Clear(ServiceRequest request)
    {
        _said.Clear();
        if (_written is null && request.Held.Count == 0) return;
        await writer.Clear(service, request.Uid, finalizer: null, CancellationToken.None);
        _written = null;
    }

    /// <summary>Something happened to the service that no condition shows.</summary>
    public void Warn(ServiceRequest request, Reason reason, string message)
    {
        Note(reason, message);
        events.Record(Reference(request), warning: true, reason.ToString(), message);
    }

    /// <summary>The service may go: nothing of it is held any more.</summary>
    public Task Finish(ServiceRequest request) =>
        request.Finalizer is { } finalizer ? writer.Clear(service, request.Uid, finalizer, CancellationToken.None) : Task.CompletedTask;

    /// <summary>There is no object any more that could show anything.</summary>
    public void Forget() => _written = null;

    public void Note(Reason reason, string message)
    {
        logger.Decided(service, reason, message);
        _history.Enqueue(new(time.GetUtcNow(), reason, message));
        if (_history.Count > HistoryLength) _history.Dequeue();
    }

    /// <summary>What of the request is not honoured although the service is served.</summary>
    private void Warn(ServiceRequest request)
    {
        var warnings = request.Problems.Where(problem => problem.Severity == Severity.Warning).ToEquatableList();
        foreach (var problem in warnings.Except(_warnings))
        {
            events.Record(Reference(request), warning: true, nameof(Reason.ConfigurationWarning),
                problem.Field.Length == 0 ? problem.Message : $"{problem.Field}: {problem.Message}");
        }
        _warnings = warnings;
    }

    /// <summary>Somebody took the finalizer away: it was written together with the addresses, and those are there.</summary>
    private static bool LacksFinalizer(ServiceRequest request) => request is { WantedFinalizer: not null, Finalizer: null, Held.Count: > 0 };

    private ObjectReference Reference(ServiceRequest request) => new("v1", "Service", service.Namespace, service.Name, request.Uid);

    private static ServiceStatus StatusOf(ServiceRequest request, ServiceSummary summary, ObjectReference? pool) => new(
        summary.Service, summary.Uid, summary.Addresses, summary.Pools.Count > 0 ? summary.Pools[0] : null, request.WantedFinalizer,
        [
            new(ConditionTypes.AddressAssigned, summary.IsAssigned, summary.AddressReason.ToString(), summary.AddressMessage),
            new(ConditionTypes.Announced, summary.IsAnnounced, summary.AnnouncerReason.ToString(), summary.AnnouncerMessage),
            .. summary.Conflict is { } conflict
                ? [new(ConditionTypes.AddressConflict, true, nameof(Reason.AddressConflict), conflict)]
                : (ServiceCondition[])[],
        ],
        summary.Pools.Count > 0 ? pool : null);

    /// <summary>An event for what is news; one that tells both, for a service that got its address and is announced already.</summary>
    private void Say(ServiceRequest request, ServiceSummary summary)
    {
        var assigned = News(ConditionTypes.AddressAssigned, summary.AddressReason, summary.AddressMessage, summary.IsAssigned);
        var announced = summary.Addresses.Count > 0
            ? News(ConditionTypes.Announced, summary.AnnouncerReason, summary.AnnouncerMessage, summary.IsAnnounced)
            : null;
        if (assigned is { Status: true } && announced is { Status: true })
            announced = announced with { Message = $"{assigned.Message.TrimEnd('.')}; {announced.Message}" };
        else if (assigned is not null) Record(request, assigned);
        if (announced is not null) Record(request, announced);
    }

    /// <summary>Null for what stood already when this grain came to it, and for an announcement that is merely on its way.</summary>
    private ServiceCondition? News(string condition, Reason reason, string message, bool good)
    {
        if (reason == Reason.None || (!good && reason == Reason.Announced)) return null;
        if (_said.GetValueOrDefault(condition) == (reason, message) || IsTooEarly(condition, reason)) return null;
        var known = _said.ContainsKey(condition);
        _said[condition] = (reason, message);
        if (!known && _stood == true) return null;
        Note(reason, message);
        return new(condition, good, reason.ToString(), message);
    }

    private void Record(ServiceRequest request, ServiceCondition news) =>
        events.Record(Reference(request), warning: !news.Status, news.Reason, news.Message);

    /// <summary>That a new service has no endpoints is true of all of them.</summary>
    private bool IsTooEarly(string condition, Reason reason) =>
        reason == Reason.NoEndpoint && !_said.ContainsKey(condition) && time.GetUtcNow() - _began < options.EndpointWait;
}
