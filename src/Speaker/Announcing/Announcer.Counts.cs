using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;

namespace OrleansLb.Speaker.Announcing;

/// <summary>Tells from time to time what has come of each address; what has not changed is not told again.</summary>
internal sealed partial class Announcer
{
    private readonly Dictionary<Address, AddressCount> _counted = [];
    private TimeSpan _countAt;

    private TimeSpan? NextCount => _announcements.Count > 0 ? _countAt : null;

    private void CountDue()
    {
        if (NextCount is not { } due || due > Now) return;
        _countAt = Now + _options.CountInterval;
        var changed = _announcements.Values.Select(Count).Where(count => _counted.GetValueOrDefault(count.Address) != count).ToEquatableList();
        foreach (var count in changed) _counted[count.Address] = count;
        if (changed.Count > 0) _tell(new SpeakerFact.AddressesCounted(changed));
    }

    private static AddressCount Count(Announcement announcement) => new(announcement.Assignment.Address, announcement.Assignment.Epoch, announcement.Since,
        Enum.GetName(announcement.Standing)!, announcement.Answered, announcement.Claimed, announcement.Remark);
}
