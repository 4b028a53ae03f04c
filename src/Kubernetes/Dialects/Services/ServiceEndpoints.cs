using OrleansLb.Core;
using OrleansLb.Core.Services;
using OrleansLb.Kubernetes.Objects;

namespace OrleansLb.Kubernetes.Dialects.Services;

/// <summary>Where the endpoints of one Service are that can serve.</summary>
public readonly record struct ServiceEndpoints(EquatableList<EndpointNode> Nodes, int Elsewhere)
{
    public static ServiceEndpoints None { get; } = new([], 0);

    /// <summary>The Service has a selector and no slice: the cluster's controller makes one for each such Service, and has not got to it yet.</summary>
    public bool Awaited { get; init; }

    /// <summary>
    /// Counts over all slices of a Service. An endpoint that two slices carry, as happens while it moves between them, counts once, at its best: one of them
    /// may be out of date. On a node that has no ready endpoint those count that terminate but still serve, as kube-proxy falls back to them.
    /// </summary>
    public static ServiceEndpoints Of(IEnumerable<EndpointSliceObject> slices)
    {
        var byNode = slices
            .Where(slice => slice.AddressType != "FQDN")
            .SelectMany(slice => slice.Endpoints ?? [])
            .Select(endpoint =>
                (Node: endpoint.NodeName ?? "", Address: endpoint.Addresses is [var first, ..] ? first : "", State: StateOf(endpoint.Conditions)))
            .Where(endpoint => endpoint.State != State.Out)
            .OrderBy(endpoint => endpoint.State)
            .DistinctBy(endpoint => endpoint.Address)
            .GroupBy(endpoint => endpoint.Node, endpoint => endpoint.State, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, Count, StringComparer.Ordinal);
        var nodes = byNode.Where(pair => pair.Key.Length > 0).OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new EndpointNode(new NodeName(pair.Key), pair.Value));
        return new ServiceEndpoints(nodes.ToEquatableList(), byNode.GetValueOrDefault(""));
    }

    private static int Count(IEnumerable<State> states)
    {
        var all = states.ToList();
        return all.FindAll(state => state == State.Ready) is { Count: > 0 } ready ? ready.Count : all.Count;
    }

    private static State StateOf(EndpointConditions? conditions)
    {
        if (conditions?.Ready ?? true) return State.Ready;
        return conditions.Serving == true ? State.StillServing : State.Out;
    }

    /// <summary>Best first.</summary>
    private enum State
    {
        Ready,
        StillServing,
        Out,
    }
}
