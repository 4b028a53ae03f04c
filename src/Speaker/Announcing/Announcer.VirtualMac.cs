using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Speaker.Announcing;

/// <summary>
/// Announces addresses with a hardware address of their own, where their advertisement says so: it moves with them, and switches relearn it from the first
/// frame. An interface that takes none besides its own is told of, and its addresses are announced with that.
/// </summary>
internal sealed partial class Announcer
{
    private void Assume(Announcement announcement, AddressResponder responder, HeldAddress held)
    {
        var address = announcement.Assignment.Address;
        try
        {
            responder.Assume(address, held, WantedMac(announcement, held));
            announcement.Remark = null;
        }
        catch (LinkException refused)
        {
            if (announcement.Remark == refused.Message) return;
            announcement.Remark = refused.Message;
            _log.VirtualMacRefused(refused, address, responder.Link.Name);
            _tell(new SpeakerFact.VirtualMacRefused(address, responder.Link.Name, refused.Message));
        }
    }

    /// <summary>The hardware address is another holder's now, as the address is.</summary>
    private void Resign(Announcement announcement)
    {
        var address = announcement.Assignment.Address;
        foreach (var name in announcement.Interfaces) _responders.Find(name, address.Family)?.Assume(address, announcement.On(name), null);
    }

    /// <summary>A kernel that answers for the address tells its interface's own.</summary>
    private static MacAddress? WantedMac(Announcement announcement, HeldAddress held)
    {
        if (announcement is not { Standing: Standing.Announced, Assignment.Style.VirtualMac: true } || held.KernelAnswers) return null;
        var address = announcement.Assignment.Address;
        return address.Family == IpFamily.IPv4 ? VirtualMac.Of(address.ToIpv4()) : VirtualMac.Of(address.ToIpv6());
    }
}
