using System.Collections.Immutable;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Configuration;
using OrleansLb.Core.Nodes;
using OrleansLb.Core.Routes;
using OrleansLb.Grains.Nodes;

namespace OrleansLb.Grains.Tests.Harness;

/// <summary>A speaker that announces at once what its plan says, and tells so.</summary>
public sealed class FakeSpeaker(IGrainFactory grains, string node, Pulse changed, TimeProvider time) : IPlanObserver
{
    private static int _starts;

    private readonly Lock _gate = new();
    private readonly Dictionary<long, PlanChange> _early = [];
    private IPlanObserver? _reference;
    private ImmutableSortedDictionary<Address, Assignment> _announcing = ImmutableSortedDictionary<Address, Assignment>.Empty;
    private ImmutableSortedDictionary<Address, Assignment> _interrupted = ImmutableSortedDictionary<Address, Assignment>.Empty;
    private readonly FollowedRoutes _routes = new();
    private NodeLinks _links = NodeLinks.None;
    private ImmutableList<string> _log = [];

    /// <summary>Hosts that answer when an address is probed.</summary>
    public Dictionary<Address, HardwareAddress> Strangers { get; } = [];

    public string Session { get; private set; } = "";

    public long Version { get; private set; }

    /// <summary>False keeps facts back, as a speaker does whose wire is stuck.</summary>
    public bool Announces { get; set; } = true;

    public ImmutableSortedDictionary<Address, Assignment> Announcing => _announcing;

    /// <summary>The routes and peers that its plan holds.</summary>
    public ImmutableSortedDictionary<string, PrefixRoute> Routes { get; private set; } = ImmutableSortedDictionary<string, PrefixRoute>.Empty;

    public EquatableList<BgpPeer> Peers { get; private set; } = [];

    public bool Leaving { get; private set; }

    public bool ForGood { get; private set; }

    public bool Complete => _routes.Complete;

    /// <summary>What it did, in order: <c>+address</c> and <c>-address</c>.</summary>
    public ImmutableList<string> Log => _log;

    public INodeGrain Grain => grains.GetGrain<INodeGrain>(node);

    /// <summary>The traces that led to the steps of the plan.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<string> Causes { get; } = new();

    public async Task Connect(NodeLinks links)
    {
        _reference ??= grains.CreateObjectReference<IPlanObserver>(this);
        Session = $"{node}-{Interlocked.Increment(ref _starts)}";
        _links = links;
        var plan = await Grain.Connect(_reference, Session, _announcing.Values.Concat(_interrupted.Values).ToEquatableList());
        await PlanChanged(plan);
        await Report(new SpeakerFact.LinksChanged(links));
    }

    public async Task<bool> Heartbeat() => await Grain.Heartbeat(Session, Version) is not null;

    public Task Report(params SpeakerFact[] facts) => Grain.Report(Session, facts.ToEquatableList());

    /// <summary>The process dies: nothing more is announced, and its host notices.</summary>
    public Task Kill()
    {
        FallSilent();
        return Grain.Lost(Session);
    }

    /// <summary>Its interface goes, and everything that it announced there waits for another word of the cluster.</summary>
    public Task LoseLinks()
    {
        lock (_gate)
        {
            _links = NodeLinks.None;
            _interrupted = _interrupted.SetItems(_announcing);
            _announcing = _announcing.Clear();
        }
        return Report(new SpeakerFact.LinksChanged(NodeLinks.None));
    }

    /// <summary>It has an interface again.</summary>
    public async Task RegainLinks(NodeLinks links)
    {
        _links = links;
        await Report(new SpeakerFact.LinksChanged(links));
        await AskForInterrupted();
    }

    /// <summary>Asks, as a speaker does from time to time, whether what was interrupted is still its own.</summary>
    public Task AskForInterrupted() =>
        _links == NodeLinks.None || _interrupted.IsEmpty
            ? Task.CompletedTask
            : Report([.. _interrupted.Values.Select(assignment => new SpeakerFact.Interrupted(assignment.Address, assignment.Epoch))]);

    /// <summary>The process dies and nobody notices.</summary>
    public void FallSilent() => (_announcing, _interrupted) = (_announcing.Clear(), _interrupted.Clear());

    /// <summary>How many addresses each step of its plan brought.</summary>
    public System.Collections.Concurrent.ConcurrentQueue<int> Steps { get; } = new();

    /// <summary>A step may come before the whole plan that it builds on; one that is missing for good shows in the next heartbeats.</summary>
    public Task PlanChanged(PlanChange change)
    {
        Steps.Enqueue(change.Announce.Count);
        if (change.TraceParent is { } cause) Causes.Enqueue(cause);
        lock (_gate)
        {
            if (change.From is { } from && from != Version)
            {
                _early[from] = change;
                return Task.CompletedTask;
            }
            Take(change);
            while (_early.Remove(Version, out var next)) Take(next);
        }
        changed.Beat();
        return Task.CompletedTask;
    }

    /// <summary>What it says that its peers were told.</summary>
    public EquatableList<PeerRoutes> Told { get; set; } = [];

    Task<EquatableList<PeerRoutes>> IPlanObserver.Routes() => Task.FromResult(Told);

    private void Take(PlanChange change)
    {
        var gone = change.From is null
            ? _announcing.Keys.Concat(_interrupted.Keys).Where(address => !change.Announce.Any(assignment => assignment.Address == address)).ToList()
            : [.. change.Withdraw];
        foreach (var address in gone) Withdraw(address);
        var added = change.Announce.Where(assignment =>
            (_announcing.GetValueOrDefault(assignment.Address) ?? _interrupted.GetValueOrDefault(assignment.Address)) != assignment).ToList();
        foreach (var assignment in added) Announce(assignment);
        if (change.From is null) _routes.Begin();
        if (change.Bgp is { } bgp) Follow(bgp);
        Version = change.Version;
    }

    private void Follow(BgpStep step)
    {
        var change = _routes.Take(step);
        Peers = step.Peers ?? Peers;
        (Leaving, ForGood) = (step.Leaving, step.ForGood);
        Routes = Routes.RemoveRange(change.Withdraw.Select(prefix => prefix.ToString()))
            .SetItems(change.Announce.Select(route => KeyValuePair.Create(route.Prefix.ToString(), route)));
        _log = _log.AddRange(change.Announce.Select(route => $"+{route.Prefix}")).AddRange(change.Withdraw.Select(prefix => $"-{prefix}"));
    }

    /// <summary>Tells that everything assigned is announced.</summary>
    public Task TellAll() => Report([.. _announcing.Values.Select(Fact)]);

    private void Announce(Assignment assignment)
    {
        _interrupted = _links == NodeLinks.None ? _interrupted.SetItem(assignment.Address, assignment) : _interrupted.Remove(assignment.Address);
        if (_links == NodeLinks.None) return;
        if (assignment.Probe && !_announcing.ContainsKey(assignment.Address) && Strangers.TryGetValue(assignment.Address, out var stranger))
        {
            _log = _log.Add($"?{assignment.Address}");
            _ = Tell(new SpeakerFact.AddressTaken(assignment.Address, assignment.Epoch, stranger, "eth0", time.GetUtcNow()));
            return;
        }
        _announcing = _announcing.SetItem(assignment.Address, assignment);
        _log = _log.Add($"+{assignment.Address}");
        if (Announces) _ = Tell(Fact(assignment));
    }

    private void Withdraw(Address address)
    {
        _announcing = _announcing.Remove(address);
        _interrupted = _interrupted.Remove(address);
        _log = _log.Add($"-{address}");
    }

    private async Task Tell(SpeakerFact fact)
    {
        try
        {
            await Report(fact);
        }
        catch (Exception) when (Session.Length > 0)
        {
            changed.Beat(); // the call was lost with an activation, as a test asked for; the service asks again
        }
    }

    private SpeakerFact.Announced Fact(Assignment assignment) => new(assignment.Address, assignment.Epoch, ["eth0"], time.GetUtcNow());
}
