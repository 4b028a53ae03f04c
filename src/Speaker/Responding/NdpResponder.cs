using OrleansLb.Protocols;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;

namespace OrleansLb.Speaker.Responding;

/// <summary>Answers neighbour solicitations for announced IPv6 addresses (RFC 4861 §7.2, RFC 4862 §5.4).</summary>
public static class NdpResponder
{
    /// <summary>Judges a frame that an interface with the address <paramref name="mac"/> received. Pure; allocates nothing.</summary>
    public static NdpVerdict Judge(ReadOnlySpan<byte> bytes, MacAddress mac, AnnouncedAddresses<Ipv6> announced, out NdpFrame frame, out NdpFault fault)
    {
        ArgumentNullException.ThrowIfNull(announced);
        if (!NdpFrame.TryRead(bytes, out frame, out fault)) return NdpVerdict.Invalid;
        return frame.SourceMac == mac || frame.Message.LinkLayer == mac || frame.Message.Station == mac ? NdpVerdict.OwnFrame
            : frame.DestinationMac != mac && !frame.DestinationMac.IsGroup && announced.Find(frame.Message.Target)?.VirtualMac != frame.DestinationMac
                ? NdpVerdict.NotToUs
            : announced.Contains(ClaimedBy(frame)) ? NdpVerdict.Conflict
            : frame.Message.Type != NdpType.NeighborSolicitation ? NdpVerdict.NotASolicitation
            : announced.Find(frame.Message.Target) is { } held ? Judge(frame, held)
            : NdpVerdict.NotAnnounced;
    }

    /// <summary>Writes the answer to a solicitation; returns its length, at most <see cref="NdpFrame.MaxLength"/>.</summary>
    /// <param name="virtualMac">What to tell instead of the interface's own address.</param>
    public static int WriteReply(NdpFrame solicitation, MacAddress mac, MacAddress? virtualMac, Span<byte> reply) =>
        solicitation.AnsweredBy(virtualMac ?? mac, virtualMac is null ? null : mac).Write(reply);

    /// <summary>The address that the sender says it holds: an advertisement's target, a solicitation's source.</summary>
    public static Ipv6 ClaimedBy(NdpFrame frame) => frame.Message.Type == NdpType.NeighborAdvertisement ? frame.Message.Target : frame.Source;

    /// <summary>The station that speaks in the frame, where that is not the one that it tells of.</summary>
    public static MacAddress SpeakerOf(NdpFrame frame) => frame.Message.Station ?? HolderIn(frame);

    /// <summary>The station that it tells of.</summary>
    public static MacAddress HolderIn(NdpFrame frame) => frame.Message.LinkLayer ?? frame.SourceMac;

    private static NdpVerdict Judge(NdpFrame solicitation, HeldAddress held) =>
        held.Role == AddressRole.Probed && solicitation.IsProbe ? NdpVerdict.RivalProbe
        : held.Role != AddressRole.Answered ? NdpVerdict.Silent
        : held.KernelAnswers ? NdpVerdict.KernelAnswers
        : !solicitation.IsProbe && (HolderIn(solicitation) == MacAddress.None || HolderIn(solicitation).IsGroup) ? NdpVerdict.BadSender
        : held.Share is { } share && !solicitation.IsProbe && !share.Has(HolderIn(solicitation)) ? NdpVerdict.NotOurShare
        : NdpVerdict.Answer;
}
