using System.Diagnostics;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;

namespace OrleansLb.Grains.Services;

/// <summary>
/// The nodes that announce a service beside its announcer where askers are spread over several. They are assigned what it is, without a probe of their own, and
/// nobody waits for them: until one has heard of it, the others answer its askers as before.
/// </summary>
internal sealed class AnnouncerCompanions(IGrainFactory grains, ServiceName service)
{
    private readonly Dictionary<(NodeName Node, Address Address), Assignment> _assigned = [];

    public bool Needs(NodeName node, Address address) => _assigned.ContainsKey((node, address));

    /// <summary>Makes the companions those that the announcer's assignments name.</summary>
    public async Task Follow(NodeName? announcer, EquatableList<Assignment> assignments)
    {
        if (_assigned.Count == 0 && assignments.All(assignment => assignment.Sharers.Count == 0)) return;
        var wanted = assignments
            .SelectMany(assignment =>
                assignment.Sharers.Where(node => node != announcer).Select(node => (Node: node, Assignment: assignment with { Probe = false })))
            .ToDictionary(companion => (companion.Node, companion.Assignment.Address), companion => companion.Assignment);
        var left = _assigned.Where(assigned => !wanted.ContainsKey(assigned.Key) && assigned.Key.Node != announcer).ToList();
        var joined = wanted.Where(companion => _assigned.GetValueOrDefault(companion.Key) != companion.Value).ToList();
        _assigned.Clear();
        foreach (var (companion, assignment) in wanted) _assigned[companion] = assignment;
        await Task.WhenAll(joined.Select(companion => grains.Node(companion.Key.Node).Assign(companion.Value, Activity.Current?.Id)));
        await Task.WhenAll(left.Select(companion => grains.Node(companion.Key.Node).Withdraw(service, companion.Key.Address, companion.Value.Epoch)));
    }
}
