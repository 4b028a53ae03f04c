using System.Net.Sockets;
using OrleansLb.Core.Addressing;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Responding;

/// <summary>The IPv6 addresses of one interface, by neighbour discovery.</summary>
internal sealed class NdpLinkResponder(ILink link, ResponderServices services) : AddressResponder(link, services)
{
    private readonly NeighbourLog<Ipv6> _neighbours = new();
    private readonly AskerLimits _limits = new(services.Limits, services.Time);
    private readonly FamilyInstruments _instruments = services.Instruments.Ndp;
    private readonly string _interface = link.Name;
    private readonly MacAddress _mac = link.Mac;

    public AnnouncedAddresses<Ipv6> Announced { get; } = new();

    protected override LinkTraffic EchoTraffic => LinkTraffic.Echo6;

    public override int Count => Announced.Count;

    public override void Add(Address address, HeldAddress held)
    {
        if (!Announced.Add(address.ToIpv6(), held)) return;
        try
        {
            Link.Join(address.ToIpv6().SolicitedNode);
        }
        catch (SocketException failed) // most segments carry the group all the same
        {
            Services.Log.GroupNotJoined(failed, address.ToIpv6().SolicitedNode, _interface);
        }
    }

    public override void Remove(Address address)
    {
        Resign(address);
        if (!Announced.Remove(address.ToIpv6())) return;
        try
        {
            Link.Leave(address.ToIpv6().SolicitedNode);
        }
        catch (SocketException gone) // the interface went, and its memberships with it
        {
            Services.Log.GroupNotLeft(gone, address.ToIpv6().SolicitedNode, _interface);
        }
    }

    public override bool Announce(Address address)
    {
        if (!Announce(address.ToIpv6())) return false;
        _instruments.Announced(_interface, 1);
        return true;
    }

    public override bool Probe(Address address)
    {
        if (!Send(NdpFrame.Probe(_mac, address.ToIpv6()))) return false;
        _instruments.Probed(_interface);
        return true;
    }

    public override void Refresh(Address address, long since, int most)
    {
        var ip = address.ToIpv6();
        foreach (var (asker, at) in _neighbours.AskersOf(ip, since, most))
        {
            if (IsOurs(ip, at) && (asker.IsUnspecified ? Announce(ip) : AnnounceTo(at, asker, ip))) _instruments.Refreshed(_interface);
        }
    }

    public override IEnumerable<Address> AskedSince(long since) => _neighbours.AskedSince(since).Select(asked => asked.ToAddress());

    protected override EchoResponder Echo(ILink link) => new Ipv6EchoResponder(link, Announced, Services);

    protected override void Handle(ReadOnlySpan<byte> frame)
    {
        var verdict = NdpResponder.Judge(frame, _mac, Announced, out var heard, out var fault);
        if (verdict == NdpVerdict.Answer) Answer(heard);
        else if (verdict is NdpVerdict.Conflict or NdpVerdict.RivalProbe) Report(heard, verdict);
        else if (verdict == NdpVerdict.Invalid) _instruments.Refused(_interface, fault);
        else Refuse(heard, verdict);
    }

    private void Answer(NdpFrame solicitation)
    {
        if (!Services.Vigil.MaySpeak())
        {
            Refuse(solicitation, NdpVerdict.Fenced);
            return;
        }
        if (!_limits.Admit(NdpResponder.HolderIn(solicitation)))
        {
            _instruments.Refused(_interface, NdpVerdict.TooMany);
            return;
        }
        Span<byte> reply = stackalloc byte[NdpFrame.MaxLength];
        if (Announced.Find(solicitation.Message.Target) is not { } held) return; // withdrawn this very moment
        var length = NdpResponder.WriteReply(solicitation, _mac, held.VirtualMac, reply);
        var sent = Link.Send(reply[..length]); // first the answer, then the books
        if (!solicitation.IsProbe) Note(solicitation);
        _instruments.Asked(_interface);
        if (!sent) return;
        held.CountAnswer();
        _instruments.Replied(_interface);
    }

    /// <summary>One who is not answered now may be told once the address is announced here.</summary>
    private void Refuse(NdpFrame frame, NdpVerdict verdict)
    {
        if (verdict == NdpVerdict.Fenced || (verdict is NdpVerdict.NotAnnounced or NdpVerdict.Silent or NdpVerdict.NotOurShare && !frame.IsProbe)) Note(frame);
        _instruments.Refused(_interface, verdict);
    }

    private void Note(NdpFrame solicitation)
    {
        var asker = NdpResponder.HolderIn(solicitation);
        if (!asker.IsGroup) _neighbours.Note(solicitation.Message.Target, solicitation.Source, asker, Services.Time.GetTimestamp());
    }

    private void Report(NdpFrame heard, NdpVerdict verdict)
    {
        var address = verdict == NdpVerdict.Conflict ? NdpResponder.ClaimedBy(heard) : heard.Message.Target;
        Services.Sighted(new(address.ToAddress(), NdpResponder.SpeakerOf(heard).ToHardwareAddress(), _interface, verdict == NdpVerdict.RivalProbe));
        if (verdict == NdpVerdict.Conflict)
        {
            Announced.Find(address)?.CountClaim();
            _instruments.Conflicted(_interface);
        }
        else _instruments.Refused(_interface, verdict);
    }

    private bool IsOurs(Ipv6 address, MacAddress asker) =>
        Announced.Find(address) is { Role: AddressRole.Answered, KernelAnswers: false } held && held.Share?.Has(asker) != false;

    private bool Announce(Ipv6 address)
    {
        var virtualMac = Announced.Find(address)?.VirtualMac;
        return Send(NdpFrame.Announcement(virtualMac ?? _mac, address, StationBehind(virtualMac)));
    }

    private bool AnnounceTo(MacAddress neighbourMac, Ipv6 neighbour, Ipv6 address)
    {
        var virtualMac = Announced.Find(address)?.VirtualMac;
        return Send(NdpFrame.AnnouncementTo(neighbourMac, neighbour, virtualMac ?? _mac, address, StationBehind(virtualMac)));
    }

    private MacAddress? StationBehind(MacAddress? virtualMac) => virtualMac is null ? null : _mac;

    private bool Send(NdpFrame frame)
    {
        Span<byte> bytes = stackalloc byte[NdpFrame.MaxLength];
        return Link.Send(bytes[..frame.Write(bytes)]);
    }
}
