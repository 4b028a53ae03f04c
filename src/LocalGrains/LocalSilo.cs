using Microsoft.Extensions.Logging;
using Orleans;
using Orleans.Runtime;
using OrleansLb.LocalGrains.Activations;
using OrleansLb.LocalGrains.Calls;

namespace OrleansLb.LocalGrains;

/// <summary>The grains of one process. Ready when made; <see cref="StopAsync"/> ends it in order.</summary>
public sealed class LocalSilo : IGrainFactory, IAsyncDisposable
{
    private readonly Router _router;
    private readonly ITimer _collection;

    internal LocalSilo(GrainClasses classes, LocalGrainsOptions options, IServiceProvider services, TimeProvider time, ILogger<LocalSilo> logger)
    {
        _router = new(classes, services, options, time, logger);
        _collection = time.CreateTimer(_ => Collect(options.CollectionAge), null, options.CollectionQuantum, options.CollectionQuantum);
    }

    /// <summary>What a test asks to go wrong.</summary>
    public Faults Faults => _router.Faults;

    /// <summary>The grains that are active now.</summary>
    public IReadOnlyList<GrainId> ActiveGrains => [.. _router.Activations.Select(activation => activation.GrainId)];

    /// <inheritdoc/>
    public TGrainInterface GetGrain<TGrainInterface>(string primaryKey, string? grainClassNamePrefix = null) where TGrainInterface : IGrainWithStringKey =>
        (TGrainInterface)GetGrain(typeof(TGrainInterface), primaryKey);

    /// <inheritdoc/>
    public IGrain GetGrain(Type grainInterfaceType, string grainPrimaryKey)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(grainPrimaryKey);
        var grainClass = _router.Classes.Serving(grainInterfaceType);
        return (IGrain)Reference(grainInterfaceType, new(grainClass.GrainType, new(grainPrimaryKey)));
    }

    /// <inheritdoc/>
    public TGrainInterface GetGrain<TGrainInterface>(GrainId grainId) where TGrainInterface : IAddressable =>
        (TGrainInterface)(IAddressable)Reference(typeof(TGrainInterface), grainId);

    /// <inheritdoc/>
    public TGrainObserverInterface CreateObjectReference<TGrainObserverInterface>(IGrainObserver obj) where TGrainObserverInterface : IGrainObserver
    {
        if (obj is GrainReference or IGrainBase) throw new ArgumentException($"{obj} has an address already.", nameof(obj));
        return (TGrainObserverInterface)(object)_router.Add(obj, GrainInterface.Of(typeof(TGrainObserverInterface)));
    }

    /// <inheritdoc/>
    public void DeleteObjectReference<TGrainObserverInterface>(IGrainObserver obj) where TGrainObserverInterface : IGrainObserver =>
        _router.RemoveObserver(obj is GrainReference reference
            ? reference.GrainId : throw new ArgumentException("Not a reference made by CreateObjectReference.", nameof(obj)));

    /// <summary>Loses the activation of a grain between two turns, as if its machine had died: what it ran fails, the next call finds a new one.</summary>
    public async Task DropActivation(IAddressable grain)
    {
        if (!_router.TryFind(grain.GetGrainId(), out var activation)) return;
        activation!.Lose();
        await activation.Deactivated;
    }

    /// <summary>Loses all activations, as if every machine had died.</summary>
    public async Task DropAllActivations()
    {
        var lost = _router.Activations;
        foreach (var activation in lost) activation.Lose();
        await Task.WhenAll(lost.Select(activation => activation.Deactivated));
    }

    /// <summary>Ends the grains in order; when cancelled, those that have not ended are lost.</summary>
    public async Task StopAsync(CancellationToken cancellationToken = default)
    {
        await _collection.DisposeAsync();
        var stopped = _router.Stop(cancellationToken);
        using (cancellationToken.UnsafeRegister(static silo => _ = ((LocalSilo)silo!).DropAllActivations(), this)) await stopped;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await StopAsync(new CancellationToken(canceled: true));

    private GrainReference Reference(Type interfaceType, GrainId grain) => GrainReference.Create(_router, GrainInterface.Of(interfaceType), grain);

    private void Collect(TimeSpan age)
    {
        foreach (var activation in _router.Activations) activation.CollectIfIdleFor(age);
    }
}
