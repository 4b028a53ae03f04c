using Orleans.Concurrency;
using OrleansLb.Core;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Nodes;

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
        var bgp = configuration.BgpPeers.Count == 0 ? [] : await Bgp(view.Nodes.Select(node => node.Name), withRoutes: false);
        return new(sync, services, pools.ToEquatableList(), view.Nodes, configuration.Problems, bgp);
    }

    public async Task<EquatableList<NodeBgpStatus>> Bgp(NodeName? node, bool withRoutes)
    {
        var nodes = (await GrainFactory.NodeDirectory().Current()).Nodes.Select(view => view.Name);
        return await Bgp(nodes.Where(name => node is null || name == node), withRoutes);
    }

    private async Task<EquatableList<NodeBgpStatus>> Bgp(IEnumerable<NodeName> nodes, bool withRoutes) =>
        (await Task.WhenAll(nodes.Select(node => GrainFactory.Node(node).Bgp(withRoutes)))).OrderBy(status => status.Node).ToEquatableList();

    public async Task<EquatableList<AddressStatus>> Addresses()
    {
        var services = await GrainFactory.ServiceIndex().Services();
        var announcers = services.Select(service => service.Announcer).OfType<NodeName>().Distinct();
        return AddressStatus.Of(services, await Task.WhenAll(announcers.Select(node => GrainFactory.Node(node).Status())));
    }

    public Task<ServiceExplanation?> Explain(ServiceName service) => GrainFactory.Service(service).Explain();

    public async Task<ServiceName?> NearestTo(ServiceName service)
    {
        var names = await GrainFactory.Sync().ServiceNamesRead();
        var elsewhere = names.Where(known => known.Name == service.Name).Take(1).ToList();
        if (elsewhere.Count > 0) return elsewhere[0]; // right but for its namespace
        return Similarity.Nearest(service.ToString(), names.Select(known => known.ToString())) is { } near ? ServiceName.Parse(near) : null;
    }
}
