using OrleansLb.Core.Addressing;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Icmp;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Responding;

/// <summary>
/// Answers pings of the addresses that are announced on an interface, as the kernel would if it knew them: it stays silent where the kernel does. Pings are
/// read apart from ARP and neighbour discovery, so that a flood of them delays no answer to those.
/// </summary>
internal abstract class EchoResponder(ILink link, ResponderServices services) : Responder(link, services.Log)
{
    private readonly AskerLimits _limits = new(services.Limits, services.Time);

    protected EchoInstruments Instruments => services.Instruments.Echo;

    /// <summary>Pings come with as much data as the interface carries, jumbo frames included.</summary>
    protected override int FrameLength => 16_384;

    protected EchoVerdict Judge(HeldAddress? held, MacAddress destination, MacAddress source) =>
        held is null ? EchoVerdict.NotAnnounced
        : destination != Link.Mac && destination != held.VirtualMac ? EchoVerdict.NotToUs
        : held.KernelOwns ? EchoVerdict.KernelAnswers
        : held.Role != AddressRole.Answered ? EchoVerdict.Silent
        : !services.Vigil.MaySpeak() ? EchoVerdict.Fenced
        : !_limits.Admit(source) ? EchoVerdict.TooMany
        : EchoVerdict.Answer;
}

/// <summary>The IPv4 addresses of an interface.</summary>
internal sealed class Ipv4EchoResponder(ILink link, AnnouncedAddresses<Protocols.Ipv4> announced, ResponderServices services) : EchoResponder(link, services)
{
    protected override void Handle(ReadOnlySpan<byte> frame)
    {
        if (!Ipv4Echo.TryRead(frame, out var echo, out var fault))
        {
            Instruments.Refused(Link.Name, IpFamily.IPv4, fault);
            return;
        }
        var verdict = Judge(announced.Find(echo.Destination), echo.DestinationMac, echo.SourceMac);
        if (verdict != EchoVerdict.Answer)
        {
            Instruments.Refused(Link.Name, IpFamily.IPv4, verdict);
            return;
        }
        Span<byte> reply = stackalloc byte[echo.ReplyLength];
        echo.WriteReply(echo.DestinationMac, reply); // from the station that was asked
        if (Link.Send(reply)) Instruments.Replied(Link.Name, IpFamily.IPv4);
    }
}

/// <summary>The IPv6 addresses of an interface.</summary>
internal sealed class Ipv6EchoResponder(ILink link, AnnouncedAddresses<Protocols.Ipv6> announced, ResponderServices services) : EchoResponder(link, services)
{
    protected override void Handle(ReadOnlySpan<byte> frame)
    {
        if (!Ipv6Echo.TryRead(frame, out var echo, out var fault))
        {
            Instruments.Refused(Link.Name, IpFamily.IPv6, fault);
            return;
        }
        var verdict = Judge(announced.Find(echo.Destination), echo.DestinationMac, echo.SourceMac);
        if (verdict != EchoVerdict.Answer)
        {
            Instruments.Refused(Link.Name, IpFamily.IPv6, verdict);
            return;
        }
        Span<byte> reply = stackalloc byte[echo.ReplyLength];
        echo.WriteReply(echo.DestinationMac, reply); // from the station that was asked
        if (Link.Send(reply)) Instruments.Replied(Link.Name, IpFamily.IPv6);
    }
}
