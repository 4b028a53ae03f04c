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
        return frame.SourceMac == mac || frame.Message.LinkLayer == mac ? NdpVerdict.OwnFrame
            : frame.DestinationMac != mac && !frame.DestinationMac.IsGroup ? NdpVerdict.NotToUs
            : announced.Contains(ClaimedBy(frame)) ? NdpVerdict.Conflict
            : frame.Message.Type != NdpType.NeighborSolicitation ? NdpVerdict.NotASolicitation
            : announced.Find(frame.Message.Target) is { } held ? Judge(frame, held)
            : NdpVerdict.NotAnnounced;
    }

    /// <summary>Writes the answer to a solicitation; returns its length, at most <see cref="NdpFrame.MaxLength"/>.</summary>
    public static int WriteReply(NdpFrame solicitation, MacAddress mac, Span<byte> reply) => solicitation.AnsweredBy(mac).Write(reply);

    /// <summary>The address that the sender says it holds: an advertisement's target, a solicitation's source.</summary>
    public static Ipv6 ClaimedBy(NdpFrame frame) => frame.Message.Type == NdpType.NeighborAdvertisement ? frame.Message.Target : frame.Source;

    /// <summary>The station that says so.</summary>
    public static MacAddress HolderIn(NdpFrame frame) => frame.Message.LinkLayer ?? frame.SourceMac;

    private static NdpVerdict Judge(NdpFrame solicitation, HeldAddress held) =>
        held.Role == AddressRole.Probed && solicitation.IsProbe ? NdpVerdict.RivalProbe
        : held.Role != AddressRole.Answered ? NdpVerdict.Silent
        : held.KernelAnswers ? NdpVerdict.KernelAnswers
        : !solicitation.IsProbe && (HolderIn(solicitation) == MacAddress.None || HolderIn(solicitation).IsGroup) ? NdpVerdict.BadSender
        : held.Share is { } share && !solicitation.IsProbe && !share.Has(HolderIn(solicitation)) ? NdpVerdict.NotOurShare
        : NdpVerdict.Answer;
}
