using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;

namespace OrleansLb.Grains.Services;

/// <summary>What nodes go on announcing for a service until their successor has announced.</summary>
internal sealed class FormerAnnouncers(IGrainFactory grains, ServiceName service)
{
    private readonly List<(NodeName Node, Assignment Assignment)> _former = [];

    public bool Any => _former.Count > 0;

    public bool Needs(NodeName node, Address address) => _former.Exists(former => former.Node == node && former.Assignment.Address == address);

    public void Add(NodeName? node, IEnumerable<Assignment> assignments) => _former.AddRange(assignments.Select(assignment => (node!.Value, assignment)));

    /// <summary>None is needed any more.</summary>
    public Task WithdrawAll()
    {
        var former = _former.ToList();
        _former.Clear();
        return Task.WhenAll(former.Select(left => Withdraw(left.Node, [left.Assignment])));
    }

    /// <summary>The node is to fall silent for these now.</summary>
    public Task Withdraw(NodeName? node, IEnumerable<Assignment> assignments) =>
        Task.WhenAll(assignments.Select(assignment => grains.Node(node!.Value).Withdraw(service, assignment.Address, assignment.Epoch)));
}
