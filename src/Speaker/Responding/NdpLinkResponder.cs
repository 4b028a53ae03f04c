using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using OrleansLb.Core.Addressing;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Responding;

/// <summary>The IPv6 addresses of one interface, by neighbour discovery.</summary>
internal sealed class NdpLinkResponder(ILink link, ILogger log, FamilyInstruments instruments, Action<Sighting> sighted) : Responder(link, log)
{
    private readonly AnnouncedAddresses<Ipv6> _announced = new();
    private readonly string _interface = link.Name;
    private readonly MacAddress _mac = link.Mac;
    private readonly ILogger _log = log;

    public override int Count => _announced.Count;

    public override void Add(Address address)
    {
        if (!_announced.Add(address.ToIpv6())) return;
        try
        {
            Link.Join(address.ToIpv6().SolicitedNode);
        }
        catch (SocketException failed) // most segments carry the group all the same
        {
            _log.GroupNotJoined(failed, address.ToIpv6().SolicitedNode, _interface);
        }
    }

    public override void Remove(Address address)
    {
        if (!_announced.Remove(address.ToIpv6())) return;
        try
        {
            Link.Leave(address.ToIpv6().SolicitedNode);
        }
        catch (SocketException gone) // the interface went, and its memberships with it
        {
            _log.GroupNotLeft(gone, address.ToIpv6().SolicitedNode, _interface);
        }
    }

    public override bool Announce(Address address)
    {
        Span<byte> frame = stackalloc byte[NdpFrame.MaxLength];
        var length = NdpFrame.Announcement(_mac, address.ToIpv6()).Write(frame);
        if (!Link.Send(frame[..length])) return false;
        instruments.Announced(_interface, 1);
        return true;
    }

    protected override void Handle(ReadOnlySpan<byte> frame)
    {
        var verdict = NdpResponder.Judge(frame, _mac, _announced, out var solicitation, out var fault);
        if (verdict == NdpVerdict.Answer) Answer(solicitation);
        else if (verdict == NdpVerdict.Conflict) Report(solicitation);
        else if (verdict == NdpVerdict.Invalid) instruments.Refused(_interface, fault);
        else instruments.Refused(_interface, verdict);
    }

    private void Answer(NdpFrame solicitation)
    {
        Span<byte> reply = stackalloc byte[NdpFrame.MaxLength];
        var length = NdpResponder.WriteReply(solicitation, _mac, reply);
        var sent = Link.Send(reply[..length]); // first the answer, then the books
        instruments.Asked(_interface);
        if (sent) instruments.Replied(_interface);
    }

    private void Report(NdpFrame claim)
    {
        instruments.Conflicted(_interface);
        sighted(new(NdpResponder.ClaimedBy(claim).ToAddress(), (claim.Message.LinkLayer ?? claim.SourceMac).ToHardwareAddress(), _interface));
    }
}
