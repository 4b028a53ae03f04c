using System.Collections.Immutable;
using System.Diagnostics;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Election;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Pools;
using OrleansLb.Core.Services;
using OrleansLb.Grains.Turns;

namespace OrleansLb.Grains.Services;

/// <summary>
/// The node that announces a service, and the hand-over from one to the next: the new one announces before the old one, if it lives, withdraws.
/// </summary>
internal sealed class ServiceAnnouncer(IGrainFactory grains, ServiceName service, TimeProvider time)
{
    private readonly FormerAnnouncers _former = new(grains, service);
    private readonly HashSet<Address> _unannounced = [];

    /// <summary>Addresses that were announced once: what answers for them on the wire may be ourselves.</summary>
    private readonly HashSet<Address> _proven = [];
    private readonly AnnouncerCompanions _companions = new(grains, service);
    private TaskCompletionSource _announced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _epoch;

    /// <summary>At the last election some addresses could be announced by nobody.</summary>
    private bool _lacked;

    /// <summary>Elections and what follows from each: the outcome of a later one is never overtaken by that of an earlier one.</summary>
    private readonly Sequence _turns = new();

    public NodeName? Node { get; private set; }

    public EquatableList<Assignment> Assignments { get; private set; } = [];

    /// <summary>When the first announcement of the last address left; null until it did.</summary>
    public DateTimeOffset? AnnouncedAt { get; private set; }

    /// <summary>The last election, the one that changed nothing included.</summary>
    public ElectionResult? Election { get; private set; }

    /// <summary>Why this node came to announce it, or why nobody does.</summary>
    public (Reason Reason, string Message) Why { get; private set; } = (Reason.None, "");

    /// <summary>Done when the present announcer has announced every address, or it is of no use to wait for that.</summary>
    public Task Announced => _announced.Task;

    public bool IsWaiting => _unannounced.Count > 0;

    /// <summary>An announcement is waited for that is of use to wait for.</summary>
    public bool IsUnderWay => IsWaiting && !_announced.Task.IsCompleted;

    /// <summary>A former announcer goes on until its successor has announced.</summary>
    public bool IsHandingOver => _former.Any;

    /// <summary>True when the node is to announce the address, be it only until its successor does.</summary>
    public bool Needs(NodeName node, Address address) => IsPlacedOn(node, address) || _former.Needs(node, address);

    private bool IsPlacedOn(NodeName node, Address address) =>
        (Node == node && Assignments.Any(assignment => assignment.Address == address)) || _companions.Needs(node, address);

    /// <summary>Takes up what was known before this activation.</summary>
    public void Recall(ServiceSummary summary)
    {
        if (summary.Announcer is null || Node is not null) return;
        (Node, Assignments, AnnouncedAt, Why) =
            (summary.Announcer, summary.Assignments, summary.AnnouncedAt, (summary.AnnouncerReason, summary.AnnouncerMessage));
        _epoch = Assignments.Select(assignment => assignment.Epoch).DefaultIfEmpty().Max();
        if (AnnouncedAt is not null) _proven.UnionWith(Assignments.Select(assignment => assignment.Address));
        else _unannounced.UnionWith(Assignments.Select(assignment => assignment.Address));
    }

    /// <summary>Likewise, on the word of a speaker; of two that announce an address the one with the higher epoch is right.</summary>
    public void Recall(NodeName node, Assignment assignment)
    {
        if (assignment.Epoch < _epoch || (assignment.Epoch == _epoch && Node != node)) return;
        var others = Node == node ? Assignments.Where(known => known.Address != assignment.Address) : [];
        (Node, Assignments, _epoch) = (node, others.Append(assignment).OrderBy(known => known.Address).ToEquatableList(), assignment.Epoch);
        AnnouncedAt = time.GetUtcNow();
        _proven.Add(assignment.Address);
        Why = (Reason.Announced, $"node {node} announced it before.");
    }

    /// <param name="probed">Addresses to look for on the wire before they are announced for the first time.</param>
    public Task Place(ServiceRequest request, EquatableList<Holding> holdings, EquatableList<Layer2Advertisement> advertisements,
        IReadOnlySet<Address> probed) => _turns.Run(async () =>
    {
        if (holdings.Count == 0)
        {
            await Leave();
            return;
        }
        var election = await grains.NodeDirectory().Elect(service, Wish(request, holdings, advertisements));
        await Follow(election, holdings, probed);
    });

    /// <summary>Announces the address whatever was heard of it.</summary>
    public Task Insist(Address address) => _turns.Run(() =>
    {
        _proven.Add(address);
        _epoch = Epoch.Next(_epoch, time.GetUtcNow());
        return Assign(Node, Assignments.Select(known => known.Address == address ? known with { Epoch = _epoch, Probe = false } : known).ToEquatableList());
    });

    /// <summary>
    /// The node had no interface for the address, announced under that epoch at most, and has one again: if it is still
    /// to announce it, it is told so by a new epoch.
    /// </summary>
    public Task Renew(NodeName node, Address address, long epoch) => _turns.Run(async () =>
    {
        if (!IsPlacedOn(node, address)) return;
        _epoch = Epoch.Next(Math.Max(_epoch, epoch), time.GetUtcNow());
        await Assign(Node, Assignments.Select(known => known.Address == address ? known with { Epoch = _epoch } : known).ToEquatableList());
    });

    /// <summary>The node has left the address to a stranger, and announces it again when that is gone.</summary>
    public void Yielded(AddressConflict conflict)
    {
        Await(Assignments.Where(assignment => assignment.Address == conflict.Address).ToList());
        Why = (Reason.AddressConflict, $"node {Node} has left {conflict.Address} to {conflict.Holder}, and takes it up again when it is free.");
    }

    public void StopWaiting() => _announced.TrySetResult();

    /// <summary>Moves to a better node; true when there is one.</summary>
    public Task<bool> Improve(ServiceRequest request, EquatableList<Holding> holdings, EquatableList<Layer2Advertisement> advertisements) =>
        _turns.Run(async () =>
    {
        if (holdings.Count == 0 || IsWaiting) return false;
        if (await grains.NodeDirectory().Improve(service, Wish(request, holdings, advertisements)) is not { } election) return false;
        await Follow(election, holdings, ImmutableHashSet<Address>.Empty);
        return true;
    });

    /// <summary>Moves to the node that an operator chose, if that may announce the service.</summary>
    public Task<MoveOutcome> Move(NodeName to, ServiceRequest request, EquatableList<Holding> holdings, EquatableList<Layer2Advertisement> advertisements) =>
        _turns.Run(async () =>
    {
        var from = Node;
        if (holdings.Count == 0) return MoveOutcome.Refuse(from, $"service {service} has no address.");
        var election = await grains.NodeDirectory().Move(service, Wish(request, holdings, advertisements), to);
        if (election.Announcer is null) return MoveOutcome.Refuse(from, election.Message);
        await Follow(election, holdings, ImmutableHashSet<Address>.Empty);
        return new(true, from, from == to
            ? $"node {to} announces service {service} already, and keeps it."
            : $"service {service} goes from {(from is { } node ? $"node {node}" : "nobody")} to node {to}.");
    });

    /// <summary>Nobody is to announce the service any more.</summary>
    public Task Withdraw() => _turns.Run(Leave);

    private async Task Leave()
    {
        (Election, Why) = (null, (Reason.None, ""));
        if (await grains.NodeDirectory().Forget(service) is { } last && last.Node != Node)
        {
            await grains.Node(last.Node).WithdrawAll(service, Math.Max(last.Epoch, Epoch.Next(_epoch, time.GetUtcNow())));
        }
        await Assign(null, []);
    }

    /// <summary>Takes note of an announcement; true when it was the last that was waited for. A sharer of the address may have raised its epoch.</summary>
    public async Task<bool> Take(NodeName node, Address address, long epoch, DateTimeOffset at)
    {
        if (node != Node || !Assignments.Any(assignment => assignment.Address == address && assignment.Epoch <= epoch)) return false;
        _proven.Add(address);
        if (!_unannounced.Remove(address) || _unannounced.Count > 0) return false;
        AnnouncedAt = at;
        if (Why.Reason == Reason.AddressConflict) Why = (Reason.Announced, $"node {node} announces it again: the host that claimed it is gone.");
        _announced.TrySetResult();
        await _former.WithdrawAll();
        return true;
    }

    /// <summary>
    /// Assigns once more, in case the node or its word was lost; true when that was the last word waited for. A node that knows changes nothing.
    /// </summary>
    public async Task<bool> Assert()
    {
        if (Node is not { } node) return false;
        var done = false;
        foreach (var assignment in Assignments)
        {
            if (await grains.Node(node).Assign(assignment, null) is { } at) done |= await Take(node, assignment.Address, assignment.Epoch, at);
        }
        return done;
    }

    private Candidacy Wish(ServiceRequest request, EquatableList<Holding> holdings, EquatableList<Layer2Advertisement> advertisements) =>
        Candidacy.Of(request, holdings.Select(holding => holding.Address).ToEquatableList(), advertisements, Node);

    private async Task Follow(ElectionResult election, EquatableList<Holding> holdings, IReadOnlySet<Address> probed)
    {
        Election = election;
        if (election.Ahead is { } ahead) await TakeUp(ahead);
        if (election.Announcer is null || election.Announcer.Node != Node || election.Unreachable.Count > 0 || _lacked)
            Why = (election.Reason, election.Message);
        _lacked = election.Unreachable.Count > 0;
        if (election.Announcer is not { } winner)
        {
            await Assign(null, []);
            return;
        }
        if (winner.Node != Node) _epoch = Epoch.Next(_epoch, time.GetUtcNow());
        var stays = winner.Node == Node ? Assignments : [];
        await Assign(winner.Node, holdings.Where(holding => !election.Unreachable.Contains(holding.Address))
            .Select(holding => new Assignment(holding.Address, service, _epoch, winner.Interfaces, Probes(holding.Address), winner.Style, election.Sharers))
            .ToEquatableList());

        bool Probes(Address address) =>
            stays.FirstOrDefault(known => known.Address == address)?.Probe ?? (probed.Contains(address) && !_proven.Contains(address));
    }

    /// <summary>Takes note of what was assigned on its behalf, as if it had done so itself.</summary>
    private async Task TakeUp(Relocation ahead)
    {
        _former.Add(Node, Assignments);
        (Node, Assignments, Why) = (ahead.Node, ahead.Assignments, (ahead.Reason, ahead.Message));
        _epoch = ahead.Epoch > _epoch ? ahead.Epoch : Epoch.Next(_epoch, time.GetUtcNow());
        Await([.. ahead.Assignments]);
        await Send([.. ahead.Assignments]);
        if (!IsWaiting) await _former.WithdrawAll();
    }

    private async Task Assign(NodeName? node, EquatableList<Assignment> assignments)
    {
        await Lead(node, assignments);
        await _companions.Follow(node, assignments);
    }

    private async Task Lead(NodeName? node, EquatableList<Assignment> assignments)
    {
        if (node == Node && assignments == Assignments) return;
        var (before, moved) = ((Node, Assignments, AnnouncedAt), node != Node);
        var left = Assignments.Where(old => moved || !assignments.Any(kept => kept.Address == old.Address)).ToList();
        var added = assignments.Where(assignment => moved || !Assignments.Contains(assignment)).ToList();
        (Node, Assignments) = (node, assignments); // now: the announcement may come before the assignment's answer
        Await(added);
        try
        {
            await Send(added);
        }
        catch
        {
            (Node, Assignments) = (before.Node, before.Assignments);
            if (moved && before.AnnouncedAt is { } at) await Resume(at, node, added);
            else _former.Add(node, added);
            throw;
        }
        if (moved) _former.Add(before.Node, left);
        else await _former.Withdraw(before.Node, left);
        if (!IsWaiting) await _former.WithdrawAll();
    }

    /// <summary>
    /// The one that announces goes on, and nobody is waited for. The other may have been told before the answer was lost: no announcement will follow upon
    /// which it would be told to fall silent, so it is told now, and asks by itself should that be lost too.
    /// </summary>
    private async Task Resume(DateTimeOffset announcedAt, NodeName? other, List<Assignment> added)
    {
        _unannounced.Clear();
        AnnouncedAt = announcedAt;
        _announced.TrySetResult();
        await _former.Withdraw(other, added).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    private async Task Send(List<Assignment> added)
    {
        if (Node is not { } node) return;
        var announced = await Task.WhenAll(added.Select(assignment => grains.Node(node).Assign(assignment, Activity.Current?.Id)));
        foreach (var (assignment, at) in added.Zip(announced))
        {
            if (at is { } before) await Take(node, assignment.Address, assignment.Epoch, before);
        }
    }

    private void Await(List<Assignment> added)
    {
        _unannounced.IntersectWith(Assignments.Select(assignment => assignment.Address));
        _unannounced.UnionWith(added.Select(assignment => assignment.Address));
        if (added.Count > 0 || Node is null) AnnouncedAt = null;
        if (IsWaiting && _announced.Task.IsCompleted) _announced = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
