using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Announcing;

/// <summary>
/// Puts addresses on an interface, or on the loopback device, where their advertisement says so: the kernel then answers, and programs can bind them. Each has
/// a lifetime that is renewed for as long as it is announced here, so that it expires with this process.
/// </summary>
internal sealed partial class Announcer
{
    private const string Loopback = "lo";

    private readonly HashSet<string> _unbearable = new(StringComparer.Ordinal);
    private TimeSpan? _renewAt;

    private TimeSpan? NextRenewal => IsFenced ? null : _renewAt;

    private void RenewDue()
    {
        if (NextRenewal is not { } due || due > Now) return;
        _renewAt = null;
        foreach (var announcement in _announcements.Values) Bear(announcement);
    }

    /// <summary>Makes the address stand where it is to stand now, for another lifetime.</summary>
    private void Bear(Announcement announcement)
    {
        var places = PlacesOf(announcement);
        foreach (var left in announcement.BorneOn.Except(places)) Try(left, name => _provider.Release(name, announcement.Assignment.Address));
        announcement.BorneOn =
            places.Where(place => Try(place, name => _provider.Bear(name, announcement.Assignment.Address, _options.BearLifetime))).ToEquatableList();
        if (places.Count > 0) _renewAt ??= Now + (_options.BearLifetime / 3);
    }

    private void Unbear(Announcement announcement)
    {
        foreach (var place in announcement.BorneOn) Try(place, name => _provider.Release(name, announcement.Assignment.Address));
        announcement.BorneOn = [];
    }

    private static EquatableList<string> PlacesOf(Announcement announcement) => announcement switch
    {
        { Standing: not Standing.Announced } or { Interfaces.Count: 0 } => [],
        { Assignment.Style.Bearer: AddressBearer.Interface } => announcement.Interfaces,
        { Assignment.Style.Bearer: AddressBearer.Loopback } => [Loopback],
        _ => [],
    };

    /// <summary>An interface that does not take addresses is told once; the speaker answers for them all the same.</summary>
    private bool Try(string place, Action<string> change)
    {
        try
        {
            change(place);
            _unbearable.Remove(place);
            return true;
        }
        catch (LinkException refused)
        {
            if (_unbearable.Add(place)) ReportFailure(place, refused);
            return false;
        }
    }
}
