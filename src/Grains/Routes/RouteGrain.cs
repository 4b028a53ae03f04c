using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using OrleansLb.Core;
using OrleansLb.Core.Routes;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Routes;

/// <inheritdoc cref="IRouteGrain"/>
[Reentrant, KeepAlive]
public sealed class RouteGrain(ILogger<RouteGrain> logger) : Grain, IRouteGrain
{
    private readonly HashSet<NodeName> _readers = [];
    private readonly RouteSet _set = new(Guid.NewGuid());
    private SingleFlight _telling = null!;
    private Task _recovering = Task.CompletedTask;
    private bool _complete;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _telling = new(Tell);
        (_recovering = Recover()).Observe(logger, "Asking the services for their routes");
        return Task.CompletedTask;
    }

    public Task Put(ServiceName service, RoutableService? routable)
    {
        if (_set.Put(service, routable, Activity.Current?.Id)) TellSoon();
        return Task.CompletedTask;
    }

    public async Task<RouteSetStep> Since(NodeName node, RouteSetPosition position)
    {
        _readers.Add(node);
        await Task.WhenAny(_recovering);
        return _set.Since(position, _complete);
    }

    public Task Begin() => Task.WhenAny(_recovering);

    public Task Completed()
    {
        if (!_complete)
        {
            _complete = true;
            TellSoon();
        }
        return Task.CompletedTask;
    }

    public async Task ConfigurationChanged(long version)
    {
        await FindReaders();
        TellSoon();
    }

    private async Task FindReaders()
    {
        foreach (var node in (await GrainFactory.NodeDirectory().Current()).Nodes) _readers.Add(node.Name);
    }

    private void TellSoon() => _telling.Run().Observe(logger, "Telling the nodes of new routes");

    private Task Tell() => Task.WhenAll(_readers.ToList().Select(node => GrainFactory.Node(node).Reroute()));

    /// <summary>After the loss of this activation the services still know what is to be announced for them.</summary>
    private async Task Recover()
    {
        var sync = GrainFactory.Sync();
        foreach (var service in await sync.ServiceNamesRead()) await GrainFactory.Service(service).Reroute();
        await FindReaders();
        if ((await sync.Status()).Complete) await Completed();
    }
}
