using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Speaker.Announcing;

/// <summary>Makes the responders match the assignments and the interfaces, and tells the segment. One caller at a time.</summary>
internal sealed class Announcer : IDisposable
{
    private readonly Dictionary<Address, Announcement> _announcements = [];
    private readonly AnnouncementSchedule<Address> _schedule;
    private readonly ConflictWatch _conflicts;
    private readonly ResponderSet _responders;
    private readonly SpeakerInstruments _instruments;
    private readonly L2SpeakerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Action<SpeakerFact> _tell;
    private NodeLinks _links = NodeLinks.None;

    public Announcer(L2SpeakerOptions options, ILinkProvider links, TimeProvider time, ILogger log, Action<SpeakerFact> tell, Action<Sighting> sighted)
    {
        (_options, _time, _log, _tell) = (options, time, log, tell);
        _schedule = new(options.Announcement);
        _conflicts = new(options.HandOverGrace);
        _responders = new(links, log, sighted, ReportFailure);
        _instruments = new(options.Node, () => _responders.Drops);
    }

    /// <summary>How long until something is to be told again; null: nothing is.</summary>
    public TimeSpan? UntilNext => new[] { _schedule.NextDue, _conflicts.NextDue }.Min() is { } due ? due - Now : null;

    private TimeSpan Now => _time.GetElapsedTime(0);

    /// <summary>Answers for the address from now on; its first announcement is due at once.</summary>
    public void Assign(Assignment assignment, string? traceParent)
    {
        var known = _announcements.GetValueOrDefault(assignment.Address);
        var announcement = known ?? (_announcements[assignment.Address] = new(assignment));
        var taken = known is null || known.Assignment.Epoch != assignment.Epoch;
        announcement.Assignment = assignment;
        if (taken) announcement.Span = StartSpan(assignment, traceParent);
        Settle(announcement, again: taken, moved: []);
    }

    /// <summary>Falls silent for the address at once, and says nothing more for it.</summary>
    public void Withdraw(Address address)
    {
        if (!_announcements.Remove(address, out var announcement)) return;
        _schedule.Stop(address);
        _conflicts.Forget(address);
        foreach (var name in announcement.Interfaces) _responders.Remove(name, address);
        announcement.Span?.Dispose();
        _log.Withdrew(address, announcement.Assignment.Service);
        _tell(new SpeakerFact.Withdrawn(address));
    }

    public void WithdrawAll()
    {
        foreach (var address in _announcements.Keys.Order().ToArray()) Withdraw(address);
    }

    /// <summary>Follows the interfaces: an address moves with the choice, and is told again where it is new or its interface has moved.</summary>
    public void Follow(LinksChange change)
    {
        var known = _links.Links.ToDictionary(link => link.Name);
        var replaced = change.Links.Links
            .Where(link => link.Usable && known.TryGetValue(link.Name, out var before) && before.Usable && (before.Index, before.Mac) != (link.Index, link.Mac))
            .Select(link => link.Name).ToHashSet();
        var usable = change.Links.Links.Where(link => link.Usable).Select(link => link.Name).ToHashSet();
        foreach (var name in known.Keys.Where(name => replaced.Contains(name) || !usable.Contains(name))) _responders.Close(name);
        _links = change.Links;
        replaced.UnionWith(change.NotifyPeers);
        foreach (var announcement in _announcements.Values) Settle(announcement, again: false, replaced);
    }

    /// <summary>Another host was heard to claim the address.</summary>
    public void Hear(Sighting sighting)
    {
        if (_announcements.ContainsKey(sighting.Address)) _conflicts.Note(sighting, Now);
    }

    /// <summary>Tells what is due: announcements to the segment, one burst at most, and conflicts to the cluster.</summary>
    public void TellDue()
    {
        foreach (var address in _schedule.TakeDue(Now)) Tell(_announcements[address]);
        foreach (var sighting in _conflicts.TakeDue(Now)) TellConflict(sighting);
    }

    public void Dispose()
    {
        _responders.Dispose();
        _instruments.Dispose();
    }

    private void Settle(Announcement announcement, bool again, HashSet<string> moved)
    {
        var (address, before) = (announcement.Assignment.Address, announcement.Interfaces);
        var chosen = InterfaceSelection.Choose(_links, announcement.Assignment.Interfaces, address);
        foreach (var name in before.Except(chosen)) _responders.Remove(name, address);
        announcement.Interfaces = chosen;
        foreach (var name in chosen) _responders.Open(name, address.Family, _instruments)?.Add(address);
        if (chosen.Count == 0 && (again || before.Count > 0)) LoseInterfaces(announcement);
        else if (chosen.Count > 0 && (again || chosen != before || moved.Overlaps(chosen))) Restart(announcement);
    }

    private void Restart(Announcement announcement)
    {
        announcement.Told = false;
        _schedule.Start(announcement.Assignment.Address, Now);
    }

    private void LoseInterfaces(Announcement announcement)
    {
        var address = announcement.Assignment.Address;
        _schedule.Stop(address);
        var message = MissingInterface.Describe(address, announcement.Assignment.Interfaces, _links);
        _log.NoInterface(message);
        _tell(new SpeakerFact.NoInterface(address, message));
    }

    private void Tell(Announcement announcement)
    {
        var assignment = announcement.Assignment;
        var sent = announcement.Interfaces.Where(name => SendOn(name, assignment.Address)).ToEquatableList();
        if (sent.Count == 0) _log.NotAnnounced(assignment.Address, announcement.Interfaces);
        if (sent.Count == 0 || announcement.Told) return;
        announcement.Told = true;
        announcement.Span?.SetTag("network.interface.name", string.Join(',', sent)).Dispose();
        announcement.Span = null;
        _log.Announcing(assignment.Address, sent, assignment.Service, assignment.Epoch);
        _tell(new SpeakerFact.Announced(assignment.Address, assignment.Epoch, sent, _time.GetUtcNow()));
    }

    private void TellConflict(Sighting sighting)
    {
        _log.ConflictSeen(sighting.Address, sighting.Interface, sighting.Holder);
        _tell(new SpeakerFact.ConflictSeen(sighting.Address, sighting.Holder, sighting.Interface, _time.GetUtcNow()));
        if (_options.OnConflict == ConflictPolicy.Defend) SendOn(sighting.Interface, sighting.Address);
    }

    /// <summary>An interface that could not be opened is tried again each time that it has something to say.</summary>
    private bool SendOn(string name, Address address)
    {
        if (_responders.Open(name, address.Family, _instruments) is not { } responder) return false;
        responder.Add(address);
        return responder.Announce(address);
    }

    private void ReportFailure(string name, LinkException cause)
    {
        _log.LinkFailed(cause, name);
        _tell(new SpeakerFact.LinkFailed(name, cause.Message));
    }

    private Activity? StartSpan(Assignment assignment, string? traceParent)
    {
        var span = SpeakerInstruments.Tracing.CreateActivity("announce", ActivityKind.Consumer, traceParent);
        return span?.SetTag("k8s.node.name", _options.Node.Value)
            .SetTag("orleanslb.address", assignment.Address.ToString())
            .SetTag("orleanslb.service", assignment.Service.ToString())
            .Start();
    }
}
