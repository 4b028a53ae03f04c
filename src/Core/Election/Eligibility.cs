using OrleansLb.Core.Addressing;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Election;

/// <summary>Says whether a node may announce a service, and if not, why.</summary>
public static class Eligibility
{
    /// <summary>The node as a candidate, or why it is none.</summary>
    public static (Candidate? Candidate, Rejected? Rejected) Judge(Candidacy service, NodeView node)
    {
        ArgumentNullException.ThrowIfNull(service);
        ArgumentNullException.ThrowIfNull(node);
        var labels = node.Facts?.Labels ?? Labels.None;
        var matched = service.Advertisements
            .Where(advertisement => advertisement.NodeSelectors.Admit(labels))
            .ToList();
        var interfaces = Interfaces(matched);
        if (Fault(service, node, matched.Count > 0, interfaces) is { } fault) return (null, new($"node {node.Name}", fault.Reason, fault.Message));
        var weight = matched.SelectMany(advertisement => advertisement.PreferredNodes).Where(preferred => preferred.Selector.Matches(labels))
            .Sum(preferred => preferred.Weight);
        var doubtful = node.Facts is { Ready: false } or { Draining: true };
        return (new(node.Name, weight, doubtful, RendezvousHash.Score(service.Key, node.Name), node.Load, node.SteadySince, interfaces,
            matched.Select(advertisement => advertisement.Style).FirstOrDefault(style => style is not null), node.HeldUntil, node.Returns), null);
    }

    /// <summary>An interface is used when some advertisement means it, and left out when each of them leaves it out.</summary>
    private static EquatableList<InterfaceSelector> Interfaces(List<Layer2Advertisement> matched)
    {
        if (matched is [{ Interfaces: { Count: < 2 } only }]) return only;
        var wanted = matched.Exists(advertisement => advertisement.Interfaces.All(selector => selector is InterfaceSelector.Except))
            ? []
            : matched.SelectMany(advertisement => advertisement.Interfaces).Where(selector => selector is not InterfaceSelector.Except);
        var excluded = matched.SelectMany(advertisement => advertisement.Interfaces).OfType<InterfaceSelector.Except>()
            .Where(except => matched.TrueForAll(advertisement => advertisement.Interfaces.Contains(except)));
        return wanted.Concat(excluded).Distinct().ToEquatableList();
    }

    private static (Reason Reason, string Message)? Fault(Candidacy service, NodeView node, bool selected, EquatableList<InterfaceSelector> interfaces) =>
        node switch
    {
        { Draining: true } => (Reason.NodeDraining, node.Alive ? "it is leaving." : "it has left."),
        { Alive: false } => (Reason.NodeDead, "its speaker is not heard from."),
        { Facts.Excluded: true } => (Reason.NodeExcluded, "it bears the label node.kubernetes.io/exclude-from-external-load-balancers."),
        { Facts.NetworkUnavailable: true } => (Reason.NodeNetworkUnavailable, "its condition NetworkUnavailable is True."),
        _ when !selected => (Reason.NodeNotSelected, "no advertisement's node selector matches it."),
        _ when service.TrafficPolicy == TrafficPolicy.Local && !HasLocalEndpoint(service, node.Name) =>
            (Reason.NoLocalEndpoint, "it has no endpoint that can serve, and externalTrafficPolicy is Local."),
        _ => NoInterface(service, node, interfaces) is { } message ? (Reason.NoInterface, message) : null,
    };

    private static bool HasLocalEndpoint(Candidacy service, NodeName node) => service.Endpoints.Any(endpoint => endpoint.Node == node && endpoint.Count > 0);

    private static string? NoInterface(Candidacy service, NodeView node, EquatableList<InterfaceSelector> interfaces)
    {
        foreach (var address in service.Addresses)
        {
            if (InterfaceSelection.Choose(node.Links, interfaces, address).Count > 0) continue;
            return interfaces.All(selector => selector is InterfaceSelector.Except)
                ? $"none of its usable interfaces has a subnet with {address} ({Seen(node.Links)})."
                : $"none of its usable interfaces is {string.Join(" or ", interfaces)} ({Seen(node.Links)}).";
        }
        return null;
    }

    private static string Seen(NodeLinks links) => links.Links.Count == 0
        ? "it has told of none"
        : $"it has {string.Join(", ", links.Links.Select(link => link.Usable ? link.Name : $"{link.Name}, unusable"))}";
}
