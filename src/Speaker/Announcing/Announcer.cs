using System.Diagnostics;
using Microsoft.Extensions.Logging;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Speaker.Fencing;
using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Speaker.Announcing;

/// <summary>
/// Makes the responders match the assignments and the interfaces, and tells the segment. One caller at a time. This part follows the plan and the interfaces;
/// the other parts hold what precedes a first use, what other holders or lost interfaces change, and what a speaker on its own does.
/// </summary>
internal sealed partial class Announcer : IDisposable
{
    private readonly Dictionary<Address, Announcement> _announcements = [];
    private readonly AnnouncementSchedule<Address> _schedule;
    private readonly ResponderSet _responders;
    private readonly SpeakerInstruments _instruments;
    private readonly L2SpeakerOptions _options;
    private readonly ILinkProvider _provider;
    private readonly Vigil _vigil;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly Action<SpeakerFact> _tell;
    private NodeLinks _links = NodeLinks.None;

    public Announcer(L2SpeakerOptions options, ILinkProvider links, Vigil vigil, TimeProvider time, ILogger log, Action<SpeakerFact> tell,
        Action<Sighting> sighted)
    {
        (_options, _provider, _vigil, _time, _log, _tell) = (options, links, vigil, time, log, tell);
        _schedule = new(options.Announcement);
        _probes = new(ProbeTimes(options));
        _asks = new(AskTimes(options));
        _countAt = time.GetElapsedTime(0) + options.CountInterval;
        _conflicts = new(options.HandOverGrace, options.ConflictInterval);
        _instruments = new(options.Node);
        _responders = new(links, new(_instruments, vigil, sighted, options.AskerLimits, options.AnswerPings, time, log), ReportFailure);
        _instruments.Watch(_responders);
    }

    /// <summary>How long until something is to be done; null: nothing is.</summary>
    public TimeSpan? UntilNext => new[] { IsFenced ? null : _schedule.NextDue, IsFenced ? null : _probes.NextDue, _conflicts.NextDue, NextResume, NextLook,
        NextCount, NextRenewal }.Min() is { } due ? due - Now : null;

    private TimeSpan Now => _time.GetElapsedTime(0);

    private bool IsFenced => _vigil.FencedSince is not null;

    /// <summary>Takes the address up: its first announcement, or the first probe before it, is due at once.</summary>
    public void Assign(Assignment assignment, string? traceParent)
    {
        var known = _announcements.GetValueOrDefault(assignment.Address);
        var announcement = known ?? (_announcements[assignment.Address] = new(assignment, Standing.Taken));
        var taken = known is null || known.Assignment.Epoch != assignment.Epoch;
        var isSame = known?.Assignment == assignment;
        var resharing = announcement.Take(assignment, _options.Node);
        if (taken)
        {
            var inUse = known?.Standing == Standing.Announced;
            announcement.Stand(assignment.Probe && !inUse && _options.Probe.Count > 0 ? Standing.Probing : Standing.Announced);
            announcement.Span = StartSpan(assignment, traceParent);
        }
        Settle(announcement, again: taken || resharing, moved: []);
        Bear(announcement);
        if (!taken && !isSame && announcement is { Told: true, Since: { } since })
            _tell(new SpeakerFact.Announced(assignment.Address, assignment.Epoch, announcement.Interfaces, since));
    }

    /// <summary>Falls silent for the address at once, and says nothing more for it.</summary>
    public void Withdraw(Address address)
    {
        if (!_announcements.Remove(address, out var announcement)) return;
        StopTelling(address);
        _conflicts.Forget(address);
        _counted.Remove(address);
        foreach (var name in announcement.Interfaces) _responders.Remove(name, address);
        if (announcement.BorneOn.Count == 0) WatchKernel(address);
        Unbear(announcement);
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
        WatchKernel();
    }

    /// <summary>Does what is due: tells the segment, one burst at most, and the cluster.</summary>
    public void TellDue()
    {
        LookAround();
        foreach (var address in TakeResumes()) Resume(_announcements[address]);
        if (_vigil.MaySpeak())
        {
            foreach (var address in _probes.TakeDue(Now)) ProbeOnce(_announcements[address]);
            foreach (var address in _schedule.TakeDue(Now)) Tell(_announcements[address]);
        }
        foreach (var sighting in _conflicts.TakeDue(Now)) Answer(sighting);
        RenewDue();
        CountDue();
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
        var told = announcement.ToldMacs;
        foreach (var name in chosen) Place(announcement, name);
        again |= announcement.ToldMacs != told;
        if (chosen.Count == 0 && (again || before.Count > 0)) LoseInterfaces(announcement);
        else if (chosen.Count > 0 && (again || chosen != before || moved.Overlaps(chosen))) Begin(announcement);
    }

    private void Begin(Announcement announcement)
    {
        if (announcement.Standing == Standing.Interrupted) Return(announcement);
        else Restart(announcement);
    }

    /// <summary>An interface that could not be opened is tried again each time that it has something to say.</summary>
    private AddressResponder? Place(Announcement announcement, string name)
    {
        var (address, held) = (announcement.Assignment.Address, announcement.On(name));
        held.KernelOwns = KernelAddresses.Owns(_links, address);
        held.KernelAnswers = held.KernelOwns && _links.Links.Any(link => link.Name == name && KernelAddresses.Answers(_links, link, address));
        if (_responders.Open(name, address.Family) is not { } responder) return null;
        responder.Add(address, held);
        Assume(announcement, responder, held);
        return responder;
    }

    private void Restart(Announcement announcement)
    {
        var address = announcement.Assignment.Address;
        StopTelling(address);
        announcement.Told = false;
        announcement.ProbesSent = 0;
        if (announcement.Standing == Standing.Announced) _schedule.Start(address, Now);
        Bear(announcement);
        if (announcement.Standing is Standing.Probing or Standing.Reclaiming) _probes.Start(address, Now);
    }

    private void StopTelling(Address address)
    {
        _schedule.Stop(address);
        _probes.Stop(address);
        _asks.Stop(address);
    }

    private void LoseInterfaces(Announcement announcement)
    {
        var address = announcement.Assignment.Address;
        StopTelling(address);
        Interrupt(announcement);
        Unbear(announcement);
        var message = MissingInterface.Describe(address, announcement.Assignment.Interfaces, _links);
        _log.NoInterface(message);
        _tell(new SpeakerFact.NoInterface(address, message));
    }

    private void Tell(Announcement announcement)
    {
        var assignment = announcement.Assignment;
        var sent = announcement.Interfaces.Where(name => Tell(announcement, name)).ToEquatableList();
        if (sent.Count == 0) _log.NotAnnounced(assignment.Address, announcement.Interfaces);
        if (sent.Count == 0 || announcement.Told) return;
        (announcement.Told, announcement.Since) = (true, _time.GetUtcNow());
        announcement.Span?.SetTag("network.interface.name", string.Join(',', sent)).Dispose();
        announcement.Span = null;
        _log.Announcing(assignment.Address, sent, assignment.Service, assignment.Epoch);
        _tell(new SpeakerFact.Announced(assignment.Address, assignment.Epoch, sent, announcement.Since.Value));
    }

    /// <summary>
    /// Where several nodes answer, a frame to all would draw every asker to this one: each that asked lately and is this node's is told by itself.
    /// </summary>
    private bool Tell(Announcement announcement, string name)
    {
        if (Place(announcement, name) is not { } responder) return false;
        var address = announcement.Assignment.Address;
        if (announcement.Share is null && !responder.Announce(address)) return false;
        if (!announcement.Told) responder.Refresh(address, everyone: announcement.Share is not null);
        return true;
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
