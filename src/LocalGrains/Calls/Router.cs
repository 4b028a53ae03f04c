using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansLb.LocalGrains.Activations;

namespace OrleansLb.LocalGrains.Calls;

/// <summary>Brings calls to the one activation of their grain, which it makes when there is none, or to their observer.</summary>
internal sealed class Router(GrainClasses classes, IServiceProvider services, LocalGrainsOptions options, TimeProvider time, ILogger log)
{
    private readonly ConcurrentDictionary<GrainId, Activation> _activations = new();
    private readonly ConcurrentDictionary<GrainId, Observer> _observers = new();
    private readonly ConcurrentDictionary<TimeSpan, Deadlines> _deadlines = new();
    private volatile bool _stopping;

    public WaitGraph Waits { get; } = new();

    public Faults Faults { get; } = new();

    public ILogger Log { get; } = log;

    public TimeProvider Time { get; } = time;

    public IServiceProvider Services { get; } = services;

    public GrainClasses Classes { get; } = classes;

    public ICollection<Activation> Activations => _activations.Values;

    public void Send(Call call, GrainMethod method)
    {
        if (!method.IsOneWay)
        {
            Waits.Made(call);
            call.WatchFor(_deadlines.GetOrAdd(method.Timeout ?? options.ResponseTimeout, static (timeout, time) => new(timeout, time), Time));
        }
        if (!Faults.Strike(call, method)) Deliver(call);
    }

    /// <summary>Brings a call to where its grain is now.</summary>
    public void Deliver(Call call)
    {
        if (_observers.TryGetValue(call.Target, out var observer)) observer.Receive(call);
        else if (Observer.Is(call.Target)) Log.NoObserver(call); // As on a cluster: nobody answers, and the caller's time runs out.
        else if (Find(call.Target) is { } activation) activation.Receive(call);
        else call.Fail(new SiloUnavailableException($"{call} came too late: the silo is stopping."));
    }

    public bool TryFind(GrainId grain, out Activation? activation) => _activations.TryGetValue(grain, out activation);

    public void Remove(Activation activation) => _activations.TryRemove(new(activation.GrainId, activation));

    public GrainReference Add(IGrainObserver observer, GrainInterface byInterface)
    {
        var id = Observer.NewId();
        _observers[id] = new Observer(observer, this);
        return GrainReference.Create(this, byInterface, id);
    }

    public void RemoveObserver(GrainId id) => _observers.TryRemove(id, out _);

    /// <summary>Makes no more activations, and ends those there are.</summary>
    public async Task Stop(CancellationToken cancellation)
    {
        _stopping = true;
        while (!_activations.IsEmpty)
        {
            var ending = _activations.Values.ToList();
            foreach (var activation in ending) activation.Deactivate(new(DeactivationReasonCode.ShuttingDown, "The silo is stopping."), cancellation);
            await Task.WhenAll(ending.Select(activation => activation.Deactivated));
        }
    }

    private Activation? Find(GrainId grain)
    {
        if (_activations.TryGetValue(grain, out var activation)) return activation;
        if (_stopping) return null;
        activation = _activations.GetOrAdd(grain, static (id, router) => new(router.Classes.Of(id.Type), id, router), this);
        if (!_stopping) return activation;
        Remove(activation); // Stopped meanwhile: nobody would end it.
        return null;
    }
}
