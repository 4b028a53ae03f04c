using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Speaker.Tests.Responding;

public class NdpResponderTests
{
    private static readonly MacAddress Ours = Wire.Mac(1);
    private static readonly MacAddress Theirs = Wire.Mac(2);
    private static readonly Ipv6 Vip = Ipv6.Parse("fd77::99");
    private static readonly Ipv6 Asker = Ipv6.Parse("fd77::2");
    private static readonly AnnouncedAddresses<Ipv6> Announced = HoldingVip();

    private static AnnouncedAddresses<Ipv6> HoldingVip()
    {
        var announced = new AnnouncedAddresses<Ipv6>();
        announced.Add(Vip);
        return announced;
    }

    private static NdpFrame Question => new(MacAddress.ForGroup(Vip.SolicitedNode), Theirs, Vip.SolicitedNode, Asker,
        new(NdpType.NeighborSolicitation, NeighborFlags.None, Vip, Theirs));

    private static NdpMessage Told(NdpFrame frame, NeighborFlags flags) => frame.Message with { Flags = flags };

    public static IEnumerable<TheoryDataRow<NdpFrame, NdpVerdict>> Frames =>
    [
        new(Question, NdpVerdict.Answer) { TestDisplayName = "a solicitation for an announced address" },
        new(Question with { Message = Question.Message with { LinkLayer = null } }, NdpVerdict.Answer) { TestDisplayName = "without a link-layer option" },
        new(Question with { Destination = Vip, DestinationMac = Ours },
            NdpVerdict.Answer) { TestDisplayName = "a unicast solicitation, as a kernel checks its entry" },
        new(Question with { DestinationMac = Ours }, NdpVerdict.Answer) { TestDisplayName = "a group in a unicast frame (RFC 6085)" },
        new(NdpFrame.Probe(Theirs, Vip), NdpVerdict.Answer) { TestDisplayName = "duplicate address detection" },
        new(Question with { DestinationMac = Wire.Mac(3) }, NdpVerdict.NotToUs) { TestDisplayName = "to another station" },
        new(Question with { Message = Question.Message with { Target = Ipv6.Parse("fd77::98") } },
            NdpVerdict.NotAnnounced) { TestDisplayName = "somebody else's address" },
        new(NdpFrame.Announcement(Theirs, Ipv6.Parse("fd77::98")), NdpVerdict.NotASolicitation) { TestDisplayName = "an advertisement is no question" },
        new(Question with { SourceMac = Ours }, NdpVerdict.OwnFrame) { TestDisplayName = "our own frame come back" },
        new(NdpFrame.Announcement(Ours, Vip), NdpVerdict.OwnFrame) { TestDisplayName = "our own announcement come back" },
        new(NdpFrame.Announcement(Theirs, Vip), NdpVerdict.Conflict) { TestDisplayName = "a foreign announcement of our address" },
        new(NdpFrame.Announcement(Theirs, Vip) with { Message = Told(NdpFrame.Announcement(Theirs, Vip), NeighborFlags.None) },
            NdpVerdict.Conflict) { TestDisplayName = "the same without override" },
        new(Question with { Source = Vip, Message = Question.Message with { Target = Asker } },
            NdpVerdict.Conflict) { TestDisplayName = "somebody asks from our address" },
        new(Question with { Message = Question.Message with { LinkLayer = MacAddress.Broadcast } },
            NdpVerdict.BadSender) { TestDisplayName = "an asker with a group address" },
        new(Question with { Message = Question.Message with { LinkLayer = MacAddress.None } },
            NdpVerdict.BadSender) { TestDisplayName = "an asker without an address" },
        new(Question with { Message = Question.Message with { Target = Ipv6.AllNodes } }, NdpVerdict.Invalid) { TestDisplayName = "a multicast target" },
    ];

    [Theory, MemberData(nameof(Frames))]
    public void Responder_judges(NdpFrame frame, NdpVerdict expected) =>
        Assert.Equal(expected, NdpResponder.Judge(frame.Bytes(), Ours, Announced, out _, out _));

    [Fact]
    public void An_invalid_frame_is_named_by_the_rule_that_it_breaks()
    {
        var bytes = Question.Bytes();
        bytes[21] = 64;
        Assert.Equal(NdpVerdict.Invalid, NdpResponder.Judge(bytes, Ours, Announced, out _, out var fault));
        Assert.Equal(NdpFault.HopLimit, fault);
    }

    [Fact]
    public void The_answer_is_valid_and_says_where_the_address_is()
    {
        NdpResponder.Judge(Question.Bytes(), Ours, Announced, out var question, out _);
        var reply = new byte[NdpFrame.MaxLength];
        Assert.True(NdpFrame.TryRead(reply.AsSpan(0, NdpResponder.WriteReply(question, Ours, null, reply)), out var answer, out _));
        Assert.Equal(new(Theirs, Ours, Asker, Vip, new(NdpType.NeighborAdvertisement, NeighborFlags.Solicited | NeighborFlags.Override, Vip, Ours)), answer);
    }

    [Fact]
    public void Judging_and_answering_allocate_nothing() => Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => BytesOf1000Answers()));

    /// <summary>
    /// Too many when a collection on another thread comes between: what this thread has left of its allocation buffer then counts as allocated.
    /// </summary>
    private static long BytesOf1000Answers()
    {
        var frame = Question.Bytes();
        Span<byte> reply = stackalloc byte[NdpFrame.MaxLength];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            if (NdpResponder.Judge(frame, Ours, Announced, out var question, out _) == NdpVerdict.Answer) NdpResponder.WriteReply(question, Ours, null, reply);
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Fact]
    public void A_solicitation_with_any_octet_changed_never_throws_nor_answers_for_another_address() =>
        Prop.ForAll(Gen.Choose(0, Question.Length - 1).ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(), (offset, octet) =>
        {
            var bytes = Question.Bytes();
            bytes[offset] = (byte)octet;
            return NdpResponder.Judge(bytes, Ours, Announced, out var read, out _) != NdpVerdict.Answer || read.Message.Target == Vip;
        }).QuickCheckThrowOnFailure();
}
