using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Speaker.Announcing;

/// <summary>Before its first use an address is asked for on the segment; one that a stranger has is not announced (RFC 5227 §2.1, RFC 4862 §5.4).</summary>
internal sealed partial class Announcer
{
    private readonly AnnouncementSchedule<Address> _probes;

    /// <summary>
    /// One turn for each probe and a last one at which the address is free. No start of a probe waits for another's, but a mass of them leaves in bursts.
    /// </summary>
    private static AnnouncementOptions ProbeTimes(L2SpeakerOptions options) => options.Announcement with
    {
        Interval = options.Probe.Interval,
        Duration = options.Probe.Interval * options.Probe.Count,
        Refresh = null,
    };

    private void ProbeOnce(Announcement announcement)
    {
        var address = announcement.Assignment.Address;
        if (announcement.ProbesSent++ < _options.Probe.Count)
        {
            foreach (var name in announcement.Interfaces) Place(announcement, name)?.Probe(address);
            return;
        }
        if (announcement.Standing == Standing.Probing) announcement.FirstUsed = Now;
        announcement.Stand(Standing.Announced);
        Restart(announcement);
    }

    /// <summary>True while a claim must be that of one who had the address before us and was slow to say so.</summary>
    private bool IsLateAnswer(Announcement announcement) => announcement.FirstUsed is { } first && Now - first <= _options.Probe.LateAnswer;

    /// <summary>The address is a stranger's: nothing more is said for it until the cluster has decided.</summary>
    private void Lose(Announcement announcement, Sighting sighting)
    {
        announcement.Stand(Standing.Taken);
        announcement.FirstUsed = null;
        StopTelling(sighting.Address);
        Unbear(announcement);
        Resign(announcement);
        _conflicts.Forget(sighting.Address);
        announcement.Span?.Dispose();
        announcement.Span = null;
        _log.FoundTaken(sighting.Address, announcement.Assignment.Service, sighting.Interface, sighting.Holder);
        _instruments.FoundTaken();
        _tell(new SpeakerFact.AddressTaken(sighting.Address, announcement.Assignment.Epoch, sighting.Holder, sighting.Interface, _time.GetUtcNow()));
    }
}
