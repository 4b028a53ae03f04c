using OrleansLb.Core.Announcements;

namespace OrleansLb.Speaker.Announcing;

/// <summary>
/// A node without an interface for an address is no candidate, so the cluster gives the address to another. When an interface is there again, the same one or
/// another, the address is not taken up by itself: the cluster says whose it is, by a new epoch or a withdrawal; where
/// there is no cluster to ask, the segment does.
/// </summary>
internal sealed partial class Announcer
{
    /// <summary>When an interface was last there again.</summary>
    private TimeSpan _returnedAt;

    /// <summary>What waits for the first word of a cluster, or was a rival's, is asked for on the segment in any case.</summary>
    private void Interrupt(Announcement announcement)
    {
        if (_vigil.ConfirmedAt is not null && announcement.Standing is Standing.Announced or Standing.Probing) announcement.Stand(Standing.Interrupted);
    }

    /// <summary>
    /// An interface is there again. Without it the whole node may have been cut off and given up, and what its own grains say since then says nothing about
    /// that: only the cluster's word, asked for from now on, or the segment's silence does.
    /// </summary>
    private void Return(Announcement announcement)
    {
        _vigil.Fence();
        _returnedAt = Now;
        Regain(announcement);
    }

    /// <summary>The cluster's word is there again: it is asked at once whose it is.</summary>
    private void RegainSoon(Announcement announcement)
    {
        if (announcement is { Standing: Standing.Interrupted, Interfaces.Count: > 0 }) ResumeAfter(announcement, TimeSpan.Zero);
    }

    /// <summary>The cluster is asked whose it is; where there is none to ask for a while, the segment is.</summary>
    private void Regain(Announcement announcement)
    {
        if (announcement.Interfaces.Count == 0) return;
        if (IsAlone && Now < _returnedAt + _options.Fencing.Return)
        {
            ResumeAfter(announcement, _returnedAt + _options.Fencing.Return - Now);
            return;
        }
        if (IsAlone)
        {
            announcement.YieldedFor = RivalPause;
            announcement.Stand(Standing.Reclaiming);
            Restart(announcement);
            return;
        }
        ResumeAfter(announcement, _options.RegainInterval);
        _tell(new SpeakerFact.Interrupted(announcement.Assignment.Address, announcement.Assignment.Epoch));
    }
}
