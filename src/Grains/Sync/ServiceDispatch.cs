using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Services;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Sync;

/// <summary>
/// Takes the image's services to their grains: many at once, each in order, and only its latest form where several came meanwhile. Whoever could not
/// do what it was told is told again, so that nothing is lost with the memory of a service's grain.
/// </summary>
internal sealed class ServiceDispatch
{
    private readonly IGrainFactory _grains;
    private readonly ClusterImage _image;
    private readonly ServiceOptions _options;
    private readonly Action<TimeSpan, Action> _after;
    private readonly ILogger _logger;
    private readonly KeyedQueue<ServiceName> _queue;

    /// <summary>Services that are gone and whose grains have not been told: one of a name, for the uid that its grain knows.</summary>
    private readonly Dictionary<ServiceName, string> _gone = [];

    private readonly Dictionary<ServiceName, ActivityContext> _causes = [];

    /// <summary>Services that the index knew of before the first was told; null until it was asked.</summary>
    private HashSet<ServiceName>? _indexed;

    /// <summary>Services that their grains were told to serve.</summary>
    private readonly HashSet<ServiceName> _served = [];

    private readonly Dictionary<ServiceName, Backoff> _backoffs = [];

    /// <summary>Services that are told of nothing before their turn has come.</summary>
    private readonly HashSet<ServiceName> _heldBack = [];

    /// <summary>Services that are told again after a while.</summary>
    private readonly HashSet<ServiceName> _putOff = [];

    /// <param name="after">Does something later, in a turn of the grain that this belongs to.</param>
    public ServiceDispatch(IGrainFactory grains, ClusterImage image, ServiceOptions options, Action<TimeSpan, Action> after, ILogger logger)
    {
        (_grains, _image, _options, _after, _logger) = (grains, image, options, after, logger);
        _queue = new(options.AtOnce, Dispatch, Failed);
    }

    public Task WhenIdle() => _queue.WhenIdle();

    /// <summary>The service is as the record has it now. Another uid under a name means that the one before is gone.</summary>
    public void Note(ServiceRequest service)
    {
        if (_image.Services.GetValueOrDefault(service.Service) is { } known && known.Uid != service.Uid) Remove(known);
        _image.Put(service);
    }

    public void Remove(ServiceRequest service)
    {
        _image.Remove(service.Service, service.Uid);
        NoteGone(service.Service, service.Uid);
    }

    /// <summary>The index knows of these, and of no others.</summary>
    public void NoteIndexed(IEnumerable<ServiceName> services) => _indexed = [.. services];

    /// <summary>Nobody has told of it since all began: the index had not heard of it when it was asked.</summary>
    public bool IsUnheardOf(ServiceName service) => _indexed?.Contains(service) == false;

    /// <summary>Its grain was told to serve it, or is about to be.</summary>
    public bool IsServed(ServiceName service) => _served.Contains(service);

    public void NoteServed(ServiceName service) => _served.Add(service);

    public void NoteGone(ServiceName service, string uid) => _gone.TryAdd(service, uid);

    public void Add(ServiceName service)
    {
        if (_heldBack.Contains(service)) return;
        if (!_gone.ContainsKey(service) && _image.Services.GetValueOrDefault(service) is { } request && !Concerns(request)) return;
        if (Activity.Current is { } cause) _causes[service] = cause.Context;
        _queue.Add(service);
    }

    /// <summary>They, and no others any more, are told when it is their turn, whoever asks for it before.</summary>
    public void HoldBack(IEnumerable<ServiceRequest> services)
    {
        _heldBack.Clear();
        _heldBack.UnionWith(services.Select(service => service.Service));
    }

    /// <summary>Done when they have been told, and all that was to be told before.</summary>
    public Task Tell(IEnumerable<ServiceRequest> services)
    {
        foreach (var service in services)
        {
            _heldBack.Remove(service.Service);
            Add(service.Service);
        }
        return WhenIdle();
    }

    /// <summary>True for a service that is ours, or was, or bears traces of it. A cluster has many others.</summary>
    private bool Concerns(ServiceRequest service) =>
        service.IsWanted || service.Finalizer is not null || _served.Contains(service.Service) || (!service.Foreign && _image.IsHolding(service));

    private async Task Dispatch(ServiceName service)
    {
        _causes.Remove(service, out var cause);
        using var activity = GrainsTelemetry.Activities.StartActivity("service change", ActivityKind.Internal, cause);
        activity?.SetTag("k8s.namespace.name", service.Namespace);
        activity?.SetTag("orleanslb.service", service.Name);
        if (await TellGone(service) && await TellPresent(service)) _backoffs.Remove(service);
        else PutOff(service);
    }

    /// <summary>Those who bore the name and are gone let go of what they hold, the one that its grain knows first.</summary>
    private async Task<bool> TellGone(ServiceName service)
    {
        var known = _gone.GetValueOrDefault(service);
        if (known is not null)
        {
            if (!await _grains.Service(service).Gone(known)) return false;
            _gone.Remove(service);
        }
        foreach (var stray in _image.Predecessors(service).Where(holder => holder.Uid != known).ToList())
        {
            _logger.ClaimsCollected(service, stray.Uid);
            if (!await _grains.Service(service).Gone(stray.Uid)) return false;
        }
        return true;
    }

    private async Task<bool> TellPresent(ServiceName service)
    {
        if (_image.Services.GetValueOrDefault(service) is not { } request || !Concerns(request))
        {
            _served.Remove(service);
            return true;
        }
        // Noted before: it may be served although the answer is lost.
        return request.IsWanted && _served.Add(service)
            ? await _grains.Service(service).Restore(request, new(_image.ClaimsOf(service), Unserved: IsUnheardOf(service)))
            : await _grains.Service(service).Observe(request);
    }

    private void Failed(ServiceName service, Exception fault)
    {
        _logger.DispatchFailed(service, fault);
        PutOff(service);
    }

    private void PutOff(ServiceName service)
    {
        if (!_putOff.Add(service)) return;
        if (!_backoffs.TryGetValue(service, out var backoff)) _backoffs[service] = backoff = new(_options.RetryDelay, _options.RetryLimit);
        _after(backoff.Failed(), () =>
        {
            _putOff.Remove(service);
            _queue.Add(service);
        });
    }
}
