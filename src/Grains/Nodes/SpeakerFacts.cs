using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Ports;

namespace OrleansLb.Grains.Nodes;

/// <summary>Passes on what a speaker saw: announcements to the services, trouble to the events of the objects that it concerns.</summary>
/// <param name="confirm">Asks whether an address of the plan is still the node's to announce.</param>
internal sealed class SpeakerFacts(NodeName node, IGrainFactory grains, IEventRecorder events, PeerWatch peers, Func<Address, Task> confirm)
{
    /// <summary>What was last said of an address or interface, so that nothing is said twice in a row.</summary>
    private readonly Dictionary<string, string> _said = new(StringComparer.Ordinal);

    private readonly SortedDictionary<Address, AddressCount> _counts = [];

    /// <summary>What the speaker has done for the addresses of its plan, as last told.</summary>
    public EquatableList<AddressCount> CountsOf(NodePlan plan)
    {
        foreach (var gone in _counts.Keys.Where(address => plan.At(address) is null).ToList()) _counts.Remove(gone);
        return _counts.Values.ToEquatableList();
    }

    public Task Tell(EquatableList<SpeakerFact> facts, NodePlan plan) => Task.WhenAll(facts.Select(fact => Tell(fact, plan)));

    private Task Tell(SpeakerFact fact, NodePlan plan) => fact switch
    {
        SpeakerFact.Announced announced => Announced(announced, plan),
        SpeakerFact.NoInterface missing => Warn(missing.Address, plan, Reason.NoInterface, missing.Message),
        SpeakerFact.Interrupted interrupted => Interrupted(interrupted, plan),
        SpeakerFact.ConflictSeen seen => ConflictSeen(seen, plan),
        SpeakerFact.VirtualMacRefused refused => Warn(refused.Address, plan, Reason.VirtualMacRefused, refused.Message),
        SpeakerFact.AddressTaken taken => AddressTaken(taken, plan),
        SpeakerFact.LinkFailed failed => LinkFailed(failed),
        SpeakerFact.KernelAnswers answers => KernelAnswers(answers),
        SpeakerFact.AddressesCounted counted => Counted(counted),
        SpeakerFact.PeerChanged changed => PeerChanged(changed.Status, plan),
        SpeakerFact.PeerGone gone => PeerGone(gone.Peer),
        _ => Task.CompletedTask,
    };

    private Task PeerChanged(PeerStatus status, NodePlan plan)
    {
        var name = SessionName.PeerOf(status.Peer);
        peers.Take(status, plan.Bgp.Peers.FirstOrDefault(peer => peer.Name == name));
        return Task.CompletedTask;
    }

    private Task PeerGone(string peer)
    {
        peers.Gone(peer);
        return Task.CompletedTask;
    }

    private Task Announced(SpeakerFact.Announced announced, NodePlan plan)
    {
        _said.Remove(announced.Address.ToString());
        plan.Announced(announced.Address, announced.Epoch, announced.At);
        return Task.WhenAll(plan.ServicesOf(announced.Address).Select(service =>
            grains.Service(service).Announced(node, announced.Address, announced.Epoch, announced.At)));
    }

    /// <summary>One of the services that share the address is asked: a new epoch from it is one for all.</summary>
    private Task Interrupted(SpeakerFact.Interrupted interrupted, NodePlan plan) =>
        plan.At(interrupted.Address)?.Epoch == interrupted.Epoch && plan.ServicesOf(interrupted.Address) is { Count: > 0 } services
            ? grains.Service(services.Min()).Interrupted(node, interrupted.Address, interrupted.Epoch)
            : Task.CompletedTask;

    /// <summary>Of two of our own nodes the service decides, for one plan may be of before it lost its memory; a stranger is to be found by somebody.</summary>
    private async Task ConflictSeen(SpeakerFact.ConflictSeen seen, NodePlan plan)
    {
        if (await grains.NodeDirectory().OwnerOf(seen.Holder) is not null)
        {
            await confirm(seen.Address);
            return;
        }
        await Warn(seen.Address, plan, Reason.AddressConflict,
            $"{seen.Holder} on interface {seen.Interface} of node {node} claims {seen.Address} too; find that host and take the address from it.");
        var yielded = seen.Policy == ConflictPolicy.Yield;
        if (yielded) plan.Yielded(seen.Address);
        await Conflict(new(seen.Address, seen.Holder, node, seen.Interface, InUse: true, yielded), plan);
    }

    /// <summary>What was said of an assignment that is not the present one is of no interest any more.</summary>
    private Task AddressTaken(SpeakerFact.AddressTaken taken, NodePlan plan) => plan.At(taken.Address)?.Epoch == taken.Epoch
        ? Conflict(new(taken.Address, taken.Holder, node, taken.Interface, InUse: false), plan)
        : Task.CompletedTask;

    private Task Conflict(AddressConflict conflict, NodePlan plan) =>
        Task.WhenAll(plan.ServicesOf(conflict.Address).Select(service => grains.Service(service).Conflicted(conflict)));

    private Task Warn(Address address, NodePlan plan, Reason reason, string message)
    {
        if (!IsNews(address.ToString(), $"{reason} {message}")) return Task.CompletedTask;
        foreach (var service in plan.ServicesOf(address))
            events.Record(new("v1", "Service", service.Namespace, service.Name), warning: true, reason.ToString(), message);
        return Task.CompletedTask;
    }

    private Task LinkFailed(SpeakerFact.LinkFailed failed)
    {
        if (IsNews(failed.Interface, failed.Message))
            events.Record(new("v1", "Node", "", node.Value), warning: true, nameof(Reason.LinkFailed), failed.Message);
        return Task.CompletedTask;
    }

    private Task KernelAnswers(SpeakerFact.KernelAnswers answers)
    {
        if (IsNews($"kernel {answers.Interface}", answers.Message))
            events.Record(new("v1", "Node", "", node.Value), warning: true, nameof(Reason.KernelAnswers), answers.Message);
        return Task.CompletedTask;
    }

    private Task Counted(SpeakerFact.AddressesCounted counted)
    {
        foreach (var count in counted.Counts) _counts[count.Address] = count;
        return Task.CompletedTask;
    }

    private bool IsNews(string about, string said)
    {
        if (_said.GetValueOrDefault(about) == said) return false;
        _said[about] = said;
        return true;
    }
}
