using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;

namespace OrleansLb.Grains.Nodes;

/// <summary>
/// Asks services whether what a node's plan holds is theirs: what it holds on the word of the index or of its speaker, and from time to time all of it.
/// </summary>
internal sealed class PlanAudit(NodeName node, NodePlan plan, IGrainFactory grains, Func<Assignment, bool> isSpared, Func<Assignment, Task> withdraw)
{
    /// <summary>Assignments that did not come from the service itself.</summary>
    private EquatableList<Assignment> _adopted = [];

    /// <summary>Takes up what the index knows.</summary>
    public async Task Begin() => Adopt(await grains.ServiceIndex().AssignedTo(node));

    /// <summary>Takes these for the node's own until their services are asked.</summary>
    public void Adopt(IReadOnlyCollection<Assignment> found)
    {
        foreach (var assignment in found) plan.Assign(assignment);
        _adopted = _adopted.Concat(found).ToEquatableList();
    }

    /// <summary>What was adopted stands if its service knows of no other announcer.</summary>
    public async Task ConfirmAdopted()
    {
        var adopted = _adopted;
        _adopted = [];
        await Task.WhenAll(adopted.Select(Confirm));
    }

    /// <summary>What the plan has and no service reports is asked about; what a service reports and the plan lacks is to be assigned again.</summary>
    public async Task CompareWithIndex()
    {
        var reported = (await grains.ServiceIndex().AssignedTo(node)).ToLookup(assignment => assignment.Service, assignment => assignment.Address);
        var needed = plan.Needs.ToList();
        foreach (var need in needed.Where(need => !reported[need.Service].Contains(need.Address) && !isSpared(need))) await Confirm(need);
        var planned = needed.Select(need => (need.Service, need.Address)).ToHashSet();
        foreach (var service in reported.Where(service => service.Any(address => !planned.Contains((service.Key, address)))))
            await grains.Service(service.Key).NodesChanged();
    }

    /// <summary>Asks about one address, of which another node of ours was heard to say that it has it.</summary>
    public Task Confirm(Address address) => Task.WhenAll(plan.Needs.Where(need => need.Address == address).ToList().Select(Confirm));

    private async Task Confirm(Assignment assignment)
    {
        if (!await grains.Service(assignment.Service).Announces(node, assignment)) await withdraw(assignment);
    }
}
