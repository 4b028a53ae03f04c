using System.Diagnostics;
using OrleansLb.Core;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Sync;

/// <summary>Takes the image's services to their grains: many at once, each in order, and only its latest form where several came meanwhile.</summary>
internal sealed class ServiceDispatch
{
    private readonly IGrainFactory _grains;
    private readonly ClusterImage _image;
    private readonly KeyedQueue<ServiceName> _queue;

    /// <summary>Services that are gone and whose grains have not been told: one of a name, for the uid that its grain knows.</summary>
    private readonly Dictionary<ServiceName, string> _gone = [];

    private readonly Dictionary<ServiceName, ActivityContext> _causes = [];

    /// <summary>Services that their grains were told to serve.</summary>
    private readonly HashSet<ServiceName> _served = [];

    public ServiceDispatch(IGrainFactory grains, ClusterImage image, int atOnce, Action<ServiceName, Exception> failed)
    {
        (_grains, _image) = (grains, image);
        _queue = new(atOnce, Dispatch, failed);
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

    public void NoteServed(ServiceName service) => _served.Add(service);

    public void NoteGone(ServiceName service, string uid) => _gone.TryAdd(service, uid);

    public void Add(ServiceName service)
    {
        if (!_gone.ContainsKey(service) && _image.Services.GetValueOrDefault(service) is { } request && !Concerns(request)) return;
        if (Activity.Current is { } cause) _causes[service] = cause.Context;
        _queue.Add(service);
    }

    /// <summary>True for a service that is ours, or was, or bears traces of it. A cluster has many others.</summary>
    private bool Concerns(ServiceRequest service) => service.IsWanted || service.Finalizer is not null || _served.Contains(service.Service) || _image.IsHolding(service);

    private async Task Dispatch(ServiceName service)
    {
        _causes.Remove(service, out var cause);
        using var activity = GrainsTelemetry.Activities.StartActivity("service change", ActivityKind.Internal, cause);
        activity?.SetTag("k8s.namespace.name", service.Namespace);
        activity?.SetTag("orleanslb.service", service.Name);
        if (_gone.GetValueOrDefault(service) is { } uid)
        {
            if (!await _grains.Service(service).Gone(uid)) throw new RecordUnavailableException($"The addresses of service {service}, which is gone, could not be released.");
            _gone.Remove(service);
        }
        if (_image.Services.GetValueOrDefault(service) is { } request)
        {
            await _grains.Service(service).Observe(request);
            if (request.IsWanted) _served.Add(service);
        }
        else _served.Remove(service);
    }
}
