using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using OrleansLb.Client;
using OrleansLb.Core;
using OrleansLb.Core.Election;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Ports;
using OrleansLb.Grains.Nodes;

namespace OrleansLb.Grains.Operations;

/// <inheritdoc cref="IOperatorGrain"/>
[Reentrant]
public sealed class OperatorGrain(INodeMarker marker, IOptions<LivenessOptions> options) : Grain, IOperatorGrain
{
    public Task<MoveOutcome> Move(ServiceName service, NodeName to) => GrainFactory.Service(service).Move(to);

    public async Task<DrainOutcome> Drain(NodeName node)
    {
        var mark = await marker.Drain(node, draining: true, CancellationToken.None);
        return new(mark, mark == NodeMark.Written ? await GrainFactory.Node(node).WhenEmpty(options.Value.LeaveTimeout) : []);
    }

    public async Task<DrainOutcome> Undrain(NodeName node) => new(await marker.Drain(node, draining: false, CancellationToken.None), []);
}
