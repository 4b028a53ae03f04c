using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;

namespace OrleansLb.Speaker.Announcing;

/// <summary>
/// What a speaker does without the cluster's word. It asks the segment who else holds its addresses (a question claims nothing) and gives way to whoever
/// answers; where nobody does, it goes on. A fence is lifted by the cluster's word, or else by the segment's silence.
/// </summary>
internal sealed partial class Announcer
{
    private readonly AnnouncementSchedule<Address> _asks;
    private TimeSpan? _aloneSince;

    /// <summary>The cluster cannot be asked, or has not answered in time.</summary>
    public bool IsAlone => _aloneSince is not null;

    private static AnnouncementOptions AskTimes(L2SpeakerOptions options) => options.Announcement with
    {
        Interval = options.Fencing.AskInterval,
        Duration = options.Fencing.AskInterval,
        Refresh = options.Fencing.AskAgain,
    };

    /// <summary>When to look whether the speaker is alone, may speak again, or has to ask.</summary>
    private TimeSpan? NextLook => (_vigil.FencedSince, _vigil.ConfirmedAt, _aloneSince) switch
    {
        ({ } fenced, null, null) => fenced,
        ({ } fenced, _, null) => fenced + _options.Fencing.ConfirmWait,
        (null, null, _) => null,
        (null, { } confirmed, null) => confirmed + _options.Fencing.ContactTimeout,
        ({ } _, _, { } alone) => Earlier(_asks.NextDue, alone + LiftWindow),
        (null, { }, { }) => _asks.NextDue,
    };

    /// <summary>Long enough for both questions of every address, and the answer to the last.</summary>
    private TimeSpan LiftWindow =>
        (_options.Fencing.AskInterval * 2) + (_options.Announcement.BurstGap * (_announcements.Count * 2 / _options.Announcement.Burst));

    /// <summary>The tongue is tied from now on.</summary>
    public void Fence()
    {
        _log.Fenced(_options.Node);
        _instruments.Fenced();
    }

    /// <summary>The cluster has said that the plan stands.</summary>
    /// <param name="fencedAt">When the fence fell that this has lifted (a timestamp); null when there was none.</param>
    public void Confirm(long? fencedAt)
    {
        if (fencedAt is not null) _log.FenceConfirmed(_options.Node);
        var wasAlone = IsAlone;
        _aloneSince = null;
        foreach (var announcement in _announcements.Values)
        {
            if (wasAlone) RegainSoon(announcement);
            _asks.Stop(announcement.Assignment.Address);
            if (announcement.Standing == Standing.Yielded && announcement.YieldedFor == RivalPause) ResumeAfter(announcement, _options.HandOverGrace);
        }
        if (fencedAt is { } since) AnswerLate(since);
    }

    private void LookAround()
    {
        var now = Now;
        var fenced = _vigil.FencedSince;
        var isAlone = fenced is { } since
            ? now >= since + (_vigil.ConfirmedAt is null ? TimeSpan.Zero : _options.Fencing.ConfirmWait)
            : _vigil.ConfirmedAt is { } confirmed && now >= confirmed + _options.Fencing.ContactTimeout;
        if (isAlone && _aloneSince is null) BeginAlone(now);
        if (!isAlone) _aloneSince = null;
        if (!isAlone) return;
        foreach (var address in _asks.TakeDue(now)) Ask(_announcements[address]);
        if (fenced is { } fence && now >= _aloneSince + LiftWindow) Lift(fence);
    }

    private void BeginAlone(TimeSpan now)
    {
        _aloneSince = now;
        _log.OnItsOwn(_options.Node, _announcements.Count);
        foreach (var announcement in _announcements.Values.Where(announcement =>
            announcement.Standing == Standing.Announced && announcement.Interfaces.Count > 0))
        {
            _asks.Start(announcement.Assignment.Address, now);
        }
    }

    private void Ask(Announcement announcement)
    {
        if (announcement.Standing != Standing.Announced) return;
        foreach (var name in announcement.Interfaces) Place(announcement, name)?.Probe(announcement.Assignment.Address);
    }

    private void Lift(TimeSpan fence)
    {
        var fencedAt = _vigil.LastFence;
        if (!_vigil.Lift(fence)) return;
        _log.FenceLifted(_options.Node);
        AnswerLate(fencedAt);
    }

    /// <summary>Tells those who asked while the tongue was tied.</summary>
    private void AnswerLate(long since)
    {
        foreach (var responder in _responders.All)
        {
            foreach (var address in responder.AskedSince(since).Where(address => Announces(address, responder.Link.Name))) responder.Refresh(address, since);
        }
    }

    private bool Announces(Address address, string name) =>
        _announcements.GetValueOrDefault(address) is { Standing: Standing.Announced } announcement && announcement.Interfaces.Contains(name);

    private static TimeSpan Earlier(TimeSpan? one, TimeSpan other) => one < other ? one.Value : other;
}
