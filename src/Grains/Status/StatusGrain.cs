using Orleans.Concurrency;
using OrleansLb.Core;
using OrleansLb.Core.Services;

namespace OrleansLb.Grains.Status;

/// <inheritdoc cref="IStatusGrain"/>
[Reentrant]
public sealed class StatusGrain : Grain, IStatusGrain
{
    public async Task<ClusterStatus> Read()
    {
        var sync = await GrainFactory.Sync().Status();
        var services = await GrainFactory.ServiceIndex().Services();
        var view = await GrainFactory.NodeDirectory().Current();
        var configuration = await GrainFactory.Configuration().Current();
        var names = configuration.Pools.Select(pool => pool.Name).Concat(services.SelectMany(service => service.Pools)).Distinct().Order();
        var pools = await Task.WhenAll(names.Select(pool => GrainFactory.Pool(pool).Status()));
        return new(sync, services, pools.ToEquatableList(), view.Nodes, configuration.Problems);
    }

    public Task<ServiceExplanation?> Explain(ServiceName service) => GrainFactory.Service(service).Explain();
}
