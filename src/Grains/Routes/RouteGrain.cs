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
    /// <summary>The nodes that read it. Each is told by itself that there is news, until it has heard: one that is slow or away delays no other.</summary>
    private readonly Dictionary<NodeName, InsistentRun> _readers = [];
    private readonly RouteSet _set = new(Guid.NewGuid());
    private SingleFlight _closing = null!;
    private Task _recovering = Task.CompletedTask;
    private bool _complete;

    /// <summary>Services that have told their part to this activation; of interest until the set is complete.</summary>
    private readonly HashSet<ServiceName> _heard = [];

    /// <summary>Services for which the set waits before it is complete.</summary>
    private readonly HashSet<ServiceName> _silent = [];

    private readonly Backoff _backoff = new(options.Value.RetryDelay, options.Value.RetryLimit);

    /// <summary>Ends the wait for them.</summary>
    private IGrainTimer? _patience;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _closing = new(Close);
        (_recovering = Recover()).Observe(logger, "Asking the services for their routes");
        return Task.CompletedTask;
    }

    public Task<long?> Put(ServiceName service, RoutableService? routable, long word)
    {
        logger.Heard(service, routable?.Addresses.Count ?? 0);
        if (_set.Outdone(service, routable, word) is { } later) return Task.FromResult<long?>(later);
        if (_set.Put(service, routable, word, Activity.Current?.Id)) TellSoon();
        if (!_complete) _heard.Add(service);
        if (_silent.Remove(service) && _silent.Count == 0) Complete();
        return Task.FromResult<long?>(null);
    }

    public async Task<RouteSetStep> Since(NodeName node, RouteSetPosition position)
    {
        Note(node);
        await Task.WhenAny(_recovering);
        return _set.Since(position, _complete);
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
        TellSoon();
    }

    private async Task FindReaders()
    {
        foreach (var node in (await GrainFactory.NodeDirectory().Current()).Nodes) Note(node.Name);
    }

    private void Note(NodeName node)
    {
        if (!_readers.ContainsKey(node)) _readers[node] = new(() => Tell(node), new(options.Value.RetryDelay, options.Value.RetryLimit), PutOff);

        void PutOff(Exception? fault, TimeSpan delay, Func<Task> again)
        {
            logger.NotTold(node, delay, fault);
            this.After(delay, again);
        }
    }

    private void TellSoon()
    {
        foreach (var reader in _readers.Values) _ = reader.Run(); // it never fails
    }

    private async Task<bool> Tell(NodeName node)
    {
        logger.Tells(node);
        await GrainFactory.Node(node).Reroute();
        return true;
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
        if (_complete) return;
        var routed = (await GrainFactory.Configuration().Current()).BgpAdvertisements.Count > 0; // else services need tell nothing
        if (routed) _silent.UnionWith((await GrainFactory.Sync().ServiceNamesRead()).Where(service => !_heard.Contains(service)));
        await Ask(_silent.Order().ToList());
        if (_silent.Count == 0) Complete();
        if (_complete) return;
        _patience ??= this.After(options.Value.RerouteWait, Complete);
        foreach (var service in _silent.ToList()) await GrainFactory.Sync().Tell(service);
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

    private void Complete()
    {
        if (_complete) return;
        _complete = true;
        _silent.Clear();
        _heard.Clear();
        TellSoon();
    }
}
