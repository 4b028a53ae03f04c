using OrleansLb.Core.Addressing;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Responding;

/// <summary>The IPv4 addresses of one interface, by ARP.</summary>
internal sealed class ArpLinkResponder(ILink link, ResponderServices services) : AddressResponder(link, services)
{
    private readonly NeighbourLog<Ipv4> _neighbours = new();
    private readonly AskerLimits _limits = new(services.Limits, services.Time);
    private readonly FamilyInstruments _instruments = services.Instruments.Arp;
    private readonly string _interface = link.Name;
    private readonly MacAddress _mac = link.Mac;

    public AnnouncedAddresses<Ipv4> Announced { get; } = new();

    protected override LinkTraffic EchoTraffic => LinkTraffic.Echo;

    public override int Count => Announced.Count;

    public override void Add(Address address, HeldAddress held) => Announced.Add(address.ToIpv4(), held);

    public override void Remove(Address address)
    {
        Resign(address);
        Announced.Remove(address.ToIpv4());
    }

    /// <summary>Request form and reply form, since some stacks learn only from one of them (RFC 5227 §3).</summary>
    public override bool Announce(Address address)
    {
        var (ip, mac) = (address.ToIpv4(), MacOf(address.ToIpv4()));
        if (!Send(MacAddress.Broadcast, ArpPacket.Announcement(mac, ip))) return false;
        _instruments.Announced(_interface, Send(MacAddress.Broadcast, ArpPacket.AnnouncementReply(mac, ip)) ? 2 : 1);
        return true;
    }

    public override bool Probe(Address address)
    {
        if (!Send(MacAddress.Broadcast, ArpPacket.Probe(_mac, address.ToIpv4()))) return false;
        _instruments.Probed(_interface);
        return true;
    }

    public override void Refresh(Address address, long since, int most)
    {
        var ip = address.ToIpv4();
        foreach (var (asker, at) in _neighbours.AskersOf(ip, since, most))
        {
            if (IsOurs(ip, at) && Send(at, new(ArpOperation.Reply, MacOf(ip), ip, at, asker))) _instruments.Refreshed(_interface);
        }
    }

    public override IEnumerable<Address> AskedSince(long since) => _neighbours.AskedSince(since).Select(asked => asked.ToAddress());

    protected override EchoResponder Echo(ILink link) => new Ipv4EchoResponder(link, Announced, Services);

    protected override void Handle(ReadOnlySpan<byte> frame)
    {
        var verdict = ArpResponder.Judge(frame, _mac, Announced, out var heard);
        if (verdict == ArpVerdict.Answer) Answer(heard);
        else if (verdict is ArpVerdict.Conflict or ArpVerdict.RivalProbe) Report(heard, verdict);
        else if (verdict == ArpVerdict.Malformed) _instruments.Refused(_interface, ArpFrame.FaultOf(frame));
        else Refuse(heard, verdict);
    }

    private void Answer(ArpFrame request)
    {
        if (!Services.Vigil.MaySpeak())
        {
            Refuse(request, ArpVerdict.Fenced);
            return;
        }
        if (!_limits.Admit(request.Packet.SenderMac))
        {
            _instruments.Refused(_interface, ArpVerdict.TooMany);
            return;
        }
        Span<byte> reply = stackalloc byte[ArpFrame.MaxLength];
        if (Announced.Find(request.Packet.TargetIp) is not { } held) return; // withdrawn this very moment
        var length = ArpResponder.WriteReply(request, _mac, held.VirtualMac, reply);
        var sent = Link.Send(reply[..length]); // first the answer, then the books
        if (!request.Packet.IsProbe) Note(request);
        _instruments.Asked(_interface);
        if (!sent) return;
        held.CountAnswer();
        _instruments.Replied(_interface);
    }

    /// <summary>One who is not answered now may be told once the address is announced here.</summary>
    private void Refuse(ArpFrame frame, ArpVerdict verdict)
    {
        if (verdict == ArpVerdict.Fenced || (verdict is ArpVerdict.NotAnnounced or ArpVerdict.Silent or ArpVerdict.NotOurShare && !frame.Packet.IsProbe))
            Note(frame);
        _instruments.Refused(_interface, verdict);
    }

    private void Note(ArpFrame request)
    {
        var packet = request.Packet;
        if (!packet.SenderMac.IsGroup) _neighbours.Note(packet.TargetIp, packet.SenderIp, packet.SenderMac, Services.Time.GetTimestamp());
    }

    private void Report(ArpFrame heard, ArpVerdict verdict)
    {
        var packet = heard.Packet;
        var address = verdict == ArpVerdict.Conflict ? packet.SenderIp : packet.TargetIp;
        Services.Sighted(new(address.ToAddress(), ArpResponder.SpeakerOf(heard).ToHardwareAddress(), _interface, verdict == ArpVerdict.RivalProbe));
        if (verdict == ArpVerdict.Conflict)
        {
            Announced.Find(address)?.CountClaim();
            _instruments.Conflicted(_interface);
        }
        else _instruments.Refused(_interface, verdict);
    }

    private bool IsOurs(Ipv4 address, MacAddress asker) =>
        Announced.Find(address) is { Role: AddressRole.Answered, KernelAnswers: false } held && held.Share?.Has(asker) != false;

    private MacAddress MacOf(Ipv4 address) => Announced.Find(address)?.VirtualMac ?? _mac;

    private bool Send(MacAddress to, ArpPacket packet)
    {
        Span<byte> frame = stackalloc byte[ArpFrame.MaxLength];
        return Link.Send(frame[..ArpResponder.Spoken(to, packet, _mac).Write(frame)]);
    }
}
