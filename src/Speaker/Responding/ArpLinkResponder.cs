using Microsoft.Extensions.Logging;
using OrleansLb.Core.Addressing;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Responding;

/// <summary>The IPv4 addresses of one interface, by ARP.</summary>
internal sealed class ArpLinkResponder(ILink link, ILogger log, FamilyInstruments instruments, Action<Sighting> sighted) : Responder(link, log)
{
    private readonly AnnouncedAddresses<Ipv4> _announced = new();
    private readonly string _interface = link.Name;
    private readonly MacAddress _mac = link.Mac;

    public override int Count => _announced.Count;

    public override void Add(Address address) => _announced.Add(address.ToIpv4());

    public override void Remove(Address address) => _announced.Remove(address.ToIpv4());

    /// <summary>Request form and reply form, since some stacks learn only from one of them (RFC 5227 §3).</summary>
    public override bool Announce(Address address)
    {
        Span<byte> frame = stackalloc byte[ArpFrame.Length];
        ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(_mac, address.ToIpv4())).Write(frame);
        if (!Link.Send(frame)) return false;
        ArpFrame.To(MacAddress.Broadcast, ArpPacket.AnnouncementReply(_mac, address.ToIpv4())).Write(frame);
        instruments.Announced(_interface, Link.Send(frame) ? 2 : 1);
        return true;
    }

    protected override void Handle(ReadOnlySpan<byte> frame)
    {
        var verdict = ArpResponder.Judge(frame, _mac, _announced, out var request);
        if (verdict == ArpVerdict.Answer) Answer(request);
        else if (verdict == ArpVerdict.Conflict) Report(request);
        else instruments.Refused(_interface, verdict);
    }

    private void Answer(ArpFrame request)
    {
        Span<byte> reply = stackalloc byte[ArpFrame.Length];
        ArpResponder.WriteReply(request, _mac, reply);
        var sent = Link.Send(reply); // first the answer, then the books
        instruments.Asked(_interface);
        if (sent) instruments.Replied(_interface);
    }

    private void Report(ArpFrame claim)
    {
        instruments.Conflicted(_interface);
        sighted(new(claim.Packet.SenderIp.ToAddress(), claim.Packet.SenderMac.ToHardwareAddress(), _interface));
    }
}
