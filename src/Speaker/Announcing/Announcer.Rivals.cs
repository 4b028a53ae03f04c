using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Election;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Speaker.Announcing;

/// <summary>What another holder of an address changes: it is reported, answered by policy, or given way to and tried again later.</summary>
internal sealed partial class Announcer
{
    private readonly ConflictWatch _conflicts;
    private readonly PriorityQueue<Address, TimeSpan> _resumes = new();

    private TimeSpan? NextResume
    {
        get
        {
            while (_resumes.TryPeek(out var address, out var due) && _announcements.GetValueOrDefault(address)?.ResumeAt != due) _resumes.Dequeue();
            return _resumes.TryPeek(out _, out var next) ? next : null;
        }
    }

    /// <summary>Another host was heard to claim the address, or to ask whether it is free.</summary>
    public void Hear(Sighting sighting)
    {
        if (!_announcements.TryGetValue(sighting.Address, out var announcement) || _links.Links.Any(link => link.Mac == sighting.Holder)) return;
        if (announcement.Standing == Standing.Probing) Lose(announcement, sighting);
        else if (announcement.Standing == Standing.Reclaiming) Yield(announcement, announcement.YieldedFor);
        else if (sighting.IsProbe || announcement.Standing is Standing.Taken or Standing.Interrupted) return;
        else if (announcement.Standing == Standing.Yielded) ProlongRivalry(announcement);
        else if (IsFenced || IsAlone) Yield(announcement, RivalPause);
        else if (IsLateAnswer(announcement)) Lose(announcement, sighting);
        else _conflicts.Note(sighting, Now);
    }

    /// <summary>No two nodes wait equally long, so that of two that gave way to each other one is back first.</summary>
    private TimeSpan RivalPause => _options.Fencing.Settle + (_options.Fencing.Settle * (RendezvousHash.Score(default, _options.Node) % 1000 / 2000.0));

    /// <summary>The claim has outlasted a hand-over: it is a conflict.</summary>
    private void Answer(Sighting sighting)
    {
        var announcement = _announcements[sighting.Address];
        var policy = announcement.Assignment.Style?.OnConflict ?? _options.OnConflict;
        _log.ConflictSeen(sighting.Address, sighting.Interface, sighting.Holder, policy);
        _instruments.Conflicted(policy);
        _tell(new SpeakerFact.ConflictSeen(sighting.Address, sighting.Holder, sighting.Interface, _time.GetUtcNow(), policy));
        if (policy == ConflictPolicy.Defend && announcement.Share is null && _vigil.MaySpeak())
            Place(announcement, sighting.Interface)?.Announce(sighting.Address);
        if (policy == ConflictPolicy.Yield) Yield(announcement, _options.YieldRecheck);
    }

    private void Yield(Announcement announcement, TimeSpan pause)
    {
        var address = announcement.Assignment.Address;
        announcement.Stand(Standing.Yielded);
        StopTelling(address);
        Unbear(announcement);
        Resign(announcement);
        announcement.YieldedFor = pause;
        ResumeAfter(announcement, pause);
        _log.Yielded(address, announcement.Assignment.Service, pause);
        _instruments.Yielded();
    }

    /// <summary>A rival that goes on claiming is waited for; a policy's own pause is not made longer by it.</summary>
    private void ProlongRivalry(Announcement announcement)
    {
        if (IsFenced || IsAlone) ResumeAfter(announcement, announcement.YieldedFor);
    }

    private void ResumeAfter(Announcement announcement, TimeSpan pause)
    {
        announcement.ResumeAt = Now + pause;
        _resumes.Enqueue(announcement.Assignment.Address, announcement.ResumeAt.Value);
    }

    private List<Address> TakeResumes()
    {
        var due = new List<Address>();
        while (!IsFenced && NextResume is { } next && next <= Now)
        {
            due.Add(_resumes.Dequeue());
            _announcements[due[^1]].ResumeAt = null;
        }
        return due;
    }

    private void Resume(Announcement announcement)
    {
        if (announcement.Standing == Standing.Yielded) Reclaim(announcement);
        if (announcement.Standing == Standing.Interrupted) Regain(announcement);
    }

    /// <summary>Asks whether a yielded address is free again; it is announced when nobody answers.</summary>
    private void Reclaim(Announcement announcement)
    {
        announcement.Stand(Standing.Reclaiming);
        if (announcement.Interfaces.Count > 0) Restart(announcement);
    }
}
