using OrleansLb.Core.Nodes;
using OrleansLb.Core.Ports;
using OrleansLb.Core.Services;

namespace OrleansLb.Core.Announcements;

/// <summary>Who announces a service on the segment, as others are told.</summary>
public static class Layer2Announcement
{
    /// <summary>True when the interfaces are meant by what they reach or match, so that only the node's links tell their names.</summary>
    public static bool NeedsLinks(ServiceSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        return summary.Assignments.Any(assignment => assignment.Interfaces.Any(selector => selector is not InterfaceSelector.Named));
    }

    /// <summary>Null while no node has announced the service.</summary>
    public static StatusObject.ServiceLayer2? Of(ServiceSummary summary, ClusterView view)
    {
        ArgumentNullException.ThrowIfNull(summary);
        ArgumentNullException.ThrowIfNull(view);
        if (summary is not { Announcer: { } node, IsAnnounced: true, Assignments.Count: > 0 }) return null;
        var links = view.Nodes.FirstOrDefault(known => known.Name == node)?.Links;
        var names = summary.Assignments.SelectMany(assignment => Names(assignment, links)).Distinct().Order(StringComparer.Ordinal);
        return new(summary.Service, node, names.ToEquatableList());
    }

    private static IEnumerable<string> Names(Assignment assignment, NodeLinks? links)
    {
        var named = assignment.Interfaces.OfType<InterfaceSelector.Named>().Select(selector => selector.Name).ToList();
        return links is null || named.Count == assignment.Interfaces.Count
            ? named
            : InterfaceSelection.Choose(links, assignment.Interfaces, assignment.Address);
    }
}
