using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Speaker.Tests.Responding;

public class ArpResponderTests
{
    private static readonly MacAddress Ours = Wire.Mac(1);
    private static readonly MacAddress Theirs = Wire.Mac(2);
    private static readonly Ipv4 Vip = Ipv4.Parse("192.0.2.10");
    private static readonly Ipv4 Asker = Ipv4.Parse("192.0.2.1");
    private static readonly Ipv4 Foreign = Ipv4.Parse("192.0.2.9");
    private static readonly AnnouncedAddresses<Ipv4> Announced = Holding(Vip);

    private static AnnouncedAddresses<Ipv4> Holding(params Ipv4[] addresses)
    {
        var announced = new AnnouncedAddresses<Ipv4>();
        foreach (var address in addresses) announced.Add(address);
        return announced;
    }

    private static ArpPacket Request => new(ArpOperation.Request, Theirs, Asker, MacAddress.None, Vip);

    private static byte[] Broadcast(ArpPacket packet) => ArpFrame.To(MacAddress.Broadcast, packet).Bytes();

    private static ArpVerdict Judge(byte[] frame) => ArpResponder.Judge(frame, Ours, Announced, out _);

    private static byte[] Changed(byte[] frame, int offset, byte octet)
    {
        frame[offset] = octet;
        return frame;
    }

    public static IEnumerable<TheoryDataRow<byte[], ArpVerdict>> Frames =>
    [
        new(Broadcast(Request), ArpVerdict.Answer) { TestDisplayName = "a request for an announced address" },
        new(ArpFrame.To(Ours, Request).Bytes(), ArpVerdict.Answer) { TestDisplayName = "a unicast request, as a kernel refreshes its entry" },
        new([.. Broadcast(Request), .. new byte[18]], ArpVerdict.Answer) { TestDisplayName = "padded to the Ethernet minimum" },
        new(Broadcast(ArpPacket.Probe(Theirs, Vip)), ArpVerdict.Answer) { TestDisplayName = "a probe (RFC 5227)" },
        new(Broadcast(Request with { TargetMac = Wire.Mac(77) }), ArpVerdict.Answer) { TestDisplayName = "the target's hardware address is of no account" },
        new(Broadcast(Request with { TargetIp = Foreign }), ArpVerdict.NotAnnounced) { TestDisplayName = "somebody else's address" },
        new(Broadcast(Request with { Operation = ArpOperation.Reply }), ArpVerdict.NotARequest) { TestDisplayName = "a reply is no question" },
        new(Broadcast(Request with { Operation = (ArpOperation)3 }), ArpVerdict.NotARequest) { TestDisplayName = "reverse ARP" },
        new(ArpFrame.To(Wire.Mac(3), Request).Bytes(), ArpVerdict.NotToUs) { TestDisplayName = "to another station" },
        new(ArpFrame.To(MacAddress.Parse("01:00:5e:00:00:01"), Request).Bytes(), ArpVerdict.NotToUs) { TestDisplayName = "to a multicast group" },
        new(Broadcast(Request with { SenderMac = Ours }), ArpVerdict.OwnFrame) { TestDisplayName = "our own frame come back" },
        new(Changed(Broadcast(Request with { SenderMac = Ours }), 11, 9), ArpVerdict.OwnFrame) { TestDisplayName = "our own address sent by another station" },
        new(Broadcast(Request with { SenderMac = MacAddress.Broadcast }), ArpVerdict.BadSender) { TestDisplayName = "an asker with a group address" },
        new(Broadcast(Request with { SenderMac = MacAddress.None }), ArpVerdict.BadSender) { TestDisplayName = "an asker without an address" },
        new(Broadcast(ArpPacket.Announcement(Theirs, Vip)), ArpVerdict.Conflict) { TestDisplayName = "a foreign announcement of our address" },
        new(Broadcast(ArpPacket.AnnouncementReply(Theirs, Vip)), ArpVerdict.Conflict) { TestDisplayName = "the same in the reply form" },
        new(Broadcast(Request with { SenderIp = Vip, TargetIp = Foreign }), ArpVerdict.Conflict) { TestDisplayName = "somebody asks from our address" },
        new(Broadcast(Request)[..41], ArpVerdict.Malformed) { TestDisplayName = "one octet short" },
        new([], ArpVerdict.Malformed) { TestDisplayName = "nothing" },
        new(Changed(Broadcast(Request), 13, 0x35), ArpVerdict.Malformed) { TestDisplayName = "another EtherType" },
        new(Changed(Broadcast(Request), 15, 6), ArpVerdict.Malformed) { TestDisplayName = "another hardware type" },
        new(Changed(Broadcast(Request), 19, 16), ArpVerdict.Malformed) { TestDisplayName = "another address length" },
    ];

    [Theory, MemberData(nameof(Frames))]
    public void Responder_judges(byte[] frame, ArpVerdict expected) => Assert.Equal(expected, Judge(frame));

    [Fact]
    public void The_reply_is_unicast_to_the_asker_from_the_interface()
    {
        Assert.Equal(ArpVerdict.Answer, ArpResponder.Judge(Broadcast(Request), Ours, Announced, out var request));
        var reply = new byte[ArpFrame.Length];
        ArpResponder.WriteReply(request, Ours, null, reply);
        Assert.Equal(new ArpFrame(new(Theirs, Ours, EtherType.Arp), new(ArpOperation.Reply, Ours, Vip, Theirs, Asker)).Bytes(), reply);
    }

    [Fact]
    public void A_withdrawn_address_is_no_longer_answered()
    {
        var announced = Holding(Vip, Foreign);
        Assert.True(announced.Remove(Vip));
        Assert.Equal(ArpVerdict.NotAnnounced, ArpResponder.Judge(Broadcast(Request), Ours, announced, out _));
        Assert.Equal(ArpVerdict.Answer, ArpResponder.Judge(Broadcast(Request with { TargetIp = Foreign }), Ours, announced, out _));
    }

    [Fact]
    public void Judging_and_answering_allocate_nothing() => Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => BytesOf1000Answers()));

    /// <summary>
    /// Too many when a collection on another thread comes between: what this thread has left of its allocation buffer then counts as allocated.
    /// </summary>
    private static long BytesOf1000Answers()
    {
        var frame = Broadcast(Request);
        Span<byte> reply = stackalloc byte[ArpFrame.Length];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            if (ArpResponder.Judge(frame, Ours, Announced, out var request) == ArpVerdict.Answer) ArpResponder.WriteReply(request, Ours, null, reply);
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    [Fact]
    public void No_bytes_throw_and_only_valid_requests_are_answered() =>
        Prop.ForAll<byte[]>(bytes => Judge(bytes ?? []) != ArpVerdict.Answer || bytes!.Length >= ArpFrame.Length).QuickCheckThrowOnFailure();

    [Fact]
    public void A_request_with_any_octets_changed_never_throws_nor_answers_for_another_address() =>
        Prop.ForAll(Gen.Choose(0, ArpFrame.Length - 1).ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(), (offset, octet) =>
        {
            var frame = Changed(Broadcast(Request), offset, (byte)octet);
            return ArpResponder.Judge(frame, Ours, Announced, out var read) != ArpVerdict.Answer || read.Packet.TargetIp == Vip;
        }).QuickCheckThrowOnFailure();
}
