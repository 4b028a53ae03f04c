using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime;
using OrleansLb.Core;
using OrleansLb.Core.Routes;
using OrleansLb.Grains.Services;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Routes;

/// <inheritdoc cref="IRouteGrain"/>
[Reentrant, KeepAlive]
public sealed class RouteGrain(IOptions<ServiceOptions> options, ILogger<RouteGrain> logger) : Grain, IRouteGrain
{
    private readonly RouteSet _set = new(Guid.NewGuid());
    private readonly Backoff _backoff = new(options.Value.RetryDelay, options.Value.RetryLimit);
    private RouteReaders _readers = null!;
    private RollCall _roll = null!;
    private SingleFlight _closing = null!;
    private Task _recovering = Task.CompletedTask;

    /// <summary>Ends the wait for services that say nothing.</summary>
    private IGrainTimer? _patience;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _readers = new(Tell, () => new(options.Value.RetryDelay, options.Value.RetryLimit), PutOff);
        _roll = new(_readers.TellSoon);
        _closing = new(Close);
        (_recovering = Recover()).Observe(logger, "Asking the services for their routes");
        return Task.CompletedTask;
    }

    public Task<long?> Put(ServiceName service, RoutableService? routable, long word)
    {
        logger.Heard(service, routable?.Addresses.Count ?? 0);
        if (_set.Outdone(service, routable, word) is { } later) return Task.FromResult<long?>(later);
        if (_set.Put(service, routable, word, Activity.Current?.Id)) _readers.TellSoon();
        _roll.Answer(service);
        return Task.FromResult<long?>(null);
    }

    public async Task<RouteSetStep> Since(NodeName node, RouteSetPosition position)
    {
        _readers.Note(node);
        await Task.WhenAny(_recovering);
        return _set.Since(position, complete: _roll.IsOver);
    }

    public Task Begin() => Task.WhenAny(_recovering);

    public Task Completed()
    {
        CloseSoon();
        return Task.CompletedTask;
    }

    public async Task ConfigurationChanged(long version)
    {
        await FindReaders();
        _readers.TellSoon();
    }

    private async Task FindReaders()
    {
        foreach (var node in (await GrainFactory.NodeDirectory().Current()).Nodes) _readers.Note(node.Name);
    }

    private Task Tell(NodeName node)
    {
        logger.Tells(node);
        return GrainFactory.Node(node).Reroute();
    }

    private void PutOff(NodeName node, Exception? fault, TimeSpan delay, Func<Task> again)
    {
        logger.NotTold(node, delay, fault);
        this.After(delay, again);
    }

    /// <summary>After the loss of this activation the services still know what is to be announced for them.</summary>
    private async Task Recover()
    {
        var sync = GrainFactory.Sync();
        await Ask(await sync.ServiceNamesRead());
        await FindReaders();
        if ((await sync.Status()).Complete) CloseSoon();
    }

    private void CloseSoon() =>
        _closing.Run().Observe(logger, "Completing the set of routes", () => this.After(options.Value.RetryDelay, CloseSoon));

    /// <summary>
    /// All services are served, and yet some may not have told this activation: those whose grains outlived the one before and take their part for told, and
    /// those whose grains died with it and are served anew for that. Once the set is complete, nodes withdraw what nobody told.
    /// </summary>
    private async Task Close()
    {
        if (_roll.IsOver) return;
        var routed = (await GrainFactory.Configuration().Current()).BgpAdvertisements.Count > 0; // else services need tell nothing
        _roll.Call(routed ? await GrainFactory.Sync().ServiceNamesRead() : []);
        await Ask(_roll.Silent);
        if (_roll.IsOver) return;
        _patience ??= this.After(options.Value.RerouteWait, _roll.End);
        foreach (var service in _roll.Silent) await GrainFactory.Sync().Tell(service);
        this.After(_backoff.Failed(), CloseSoon); // a question may have been lost as well
    }

    private async Task Ask(IEnumerable<ServiceName> services)
    {
        foreach (var some in services.Chunk(options.Value.AtOnce)) await Task.WhenAll(some.Select(Ask));
    }

    private async Task Ask(ServiceName service)
    {
        try
        {
            await GrainFactory.Service(service).Reroute();
        }
        catch (Exception unreachable)
        {
            logger.NotAsked(service, unreachable);
        }
    }
}
