using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;

namespace OrleansLb.Speaker.Responding;

/// <summary>Runs the path of an answer before there is a question: the first one would otherwise wait some milliseconds for the compiler.</summary>
internal static class ResponderWarmUp
{
    /// <summary>Past the runtime's threshold for compiling a method anew.</summary>
    private const int Rounds = 64;

    private static readonly MacAddress Ours = new(0x02_00_00_00_00_01);
    private static readonly MacAddress Theirs = new(0x02_00_00_00_00_02);

    public static void Run()
    {
        var ipv4 = new AnnouncedAddresses<Ipv4>();
        var ipv6 = new AnnouncedAddresses<Ipv6>();
        ipv4.Add(new(1));
        ipv6.Add(new(0, 1));
        for (var round = 0; round < Rounds; round++)
        {
            AnswerArp(ipv4);
            AnswerNdp(ipv6);
        }
    }

    private static void AnswerArp(AnnouncedAddresses<Ipv4> announced)
    {
        Span<byte> frame = stackalloc byte[ArpFrame.Length];
        ArpFrame.To(MacAddress.Broadcast, ArpPacket.Probe(Theirs, new(1))).Write(frame);
        if (ArpResponder.Judge(frame, Ours, announced, out var request) == ArpVerdict.Answer) ArpResponder.WriteReply(request, Ours, null, frame);
    }

    private static void AnswerNdp(AnnouncedAddresses<Ipv6> announced)
    {
        Span<byte> frame = stackalloc byte[NdpFrame.MaxLength];
        var length = NdpFrame.Probe(Theirs, new(0, 1)).Write(frame);
        if (NdpResponder.Judge(frame[..length], Ours, announced, out var solicitation, out _) == NdpVerdict.Answer)
            NdpResponder.WriteReply(solicitation, Ours, null, frame);
    }
}
