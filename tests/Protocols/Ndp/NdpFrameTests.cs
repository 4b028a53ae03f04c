using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;

namespace OrleansLb.Protocols.Tests.Ndp;

public class NdpFrameTests
{
    private static readonly MacAddress Ours = MacAddress.Parse("02:00:5e:10:00:01");
    private static readonly MacAddress Theirs = MacAddress.Parse("02:00:5e:10:00:02");
    private static readonly Ipv6 Vip = Ipv6.Parse("fd77::99");
    private static readonly Ipv6 Asker = Ipv6.Parse("fd77::2");

    /// <summary>fd77::2 asks the solicited-node group of fd77::99.</summary>
    private const string Captured = """
        3333ff000099 02005e100002 86dd
        60000000 0020 3a ff fd770000000000000000000000000002 ff0200000000000000000001ff000099
        87 00 1d69 00000000 fd770000000000000000000000000099 01 01 02005e100002
        """;

    private static NdpFrame Solicitation => new(MacAddress.ForGroup(Vip.SolicitedNode), Theirs, Vip.SolicitedNode, Asker,
        new(NdpType.NeighborSolicitation, NeighborFlags.None, Vip, Theirs));

    private static byte[] Written(NdpFrame frame)
    {
        var bytes = new byte[NdpFrame.MaxLength];
        return bytes[..frame.Write(bytes)];
    }

    private static NdpFault FaultOf(ReadOnlySpan<byte> bytes)
    {
        Assert.Equal(NdpFrame.TryRead(bytes, out _, out var fault), fault == NdpFault.None);
        return fault;
    }

    /// <summary>The bytes with some octets overwritten, and the checksum made right again.</summary>
    private static byte[] With(byte[] bytes, int offset, params byte[] octets)
    {
        octets.CopyTo(bytes, offset);
        bytes.AsSpan(56, 2).Clear();
        var checksum = Icmpv6.Checksum(Ipv6.Read(bytes.AsSpan(22)), Ipv6.Read(bytes.AsSpan(38)), bytes.AsSpan(54));
        (bytes[56], bytes[57]) = ((byte)(checksum >> 8), (byte)checksum);
        return bytes;
    }

    [Fact]
    public void A_solicitation_is_written_as_a_capture_shows_it() => Assert.Equal(Hex.Text(Hex.Bytes(Captured)), Hex.Text(Written(Solicitation)));

    [Fact]
    public void It_is_answered_to_the_asker_solicited_and_overriding() =>
        Assert.Equal(new(Theirs, Ours, Asker, Vip, new(NdpType.NeighborAdvertisement, NeighborFlags.Solicited | NeighborFlags.Override, Vip, Ours)),
            Solicitation.AnsweredBy(Ours));

    [Fact]
    public void One_without_a_link_layer_option_is_answered_to_the_station_that_sent_it() =>
        Assert.Equal(Theirs, (Solicitation with { Message = Solicitation.Message with { LinkLayer = null } }).AnsweredBy(Ours).DestinationMac);

    [Fact]
    public void A_probe_is_answered_to_all_nodes_unsolicited()
    {
        var answer = NdpFrame.Probe(Theirs, Vip).AnsweredBy(Ours);
        Assert.Equal(new(MacAddress.Parse("33:33:00:00:00:01"), Ours, Ipv6.AllNodes, Vip,
            new(NdpType.NeighborAdvertisement, NeighborFlags.Override, Vip, Ours)), answer);
        Assert.Equal(NdpFault.None, FaultOf(Written(answer)));
        Assert.Equal(NdpFault.None, FaultOf(Written(NdpFrame.Probe(Theirs, Vip))));
    }

    public static IEnumerable<TheoryDataRow<byte[], NdpFault>> Faults =>
    [
        new(With(Written(Solicitation), 12, 0x08, 0x00), NdpFault.NotNeighborDiscovery) { TestDisplayName = "another EtherType" },
        new(With(Written(Solicitation), 14, 0x40), NdpFault.NotNeighborDiscovery) { TestDisplayName = "IP version 4" },
        new(With(Written(Solicitation), 20, 44), NdpFault.NotNeighborDiscovery) { TestDisplayName = "a fragment (RFC 6980)" },
        new(With(Written(Solicitation), 54, 133), NdpFault.NotNeighborDiscovery) { TestDisplayName = "a router solicitation" },
        new(With(Written(Solicitation), 21, 254), NdpFault.HopLimit) { TestDisplayName = "a router forwarded it" },
        new(With(Written(Solicitation), 55, 1), NdpFault.Code) { TestDisplayName = "code 1" },
        new(With(Written(Solicitation), 18, 0, 16), NdpFault.Truncated) { TestDisplayName = "ICMP length below 24" },
        new(With(Written(Solicitation), 18, 0, 40), NdpFault.Truncated) { TestDisplayName = "payload length past the frame" },
        new(With(Written(Solicitation), 62, 0xff), NdpFault.MulticastTarget) { TestDisplayName = "multicast target" },
        new(With(Written(Solicitation), 79, 0), NdpFault.Options) { TestDisplayName = "an option of length zero" },
        new(With(Written(Solicitation), 79, 2), NdpFault.Options) { TestDisplayName = "an option past the end" },
        new(With(Written(Solicitation), 22, new byte[16]), NdpFault.ProbeWithLinkLayer) { TestDisplayName = "a probe that tells its link-layer address" },
        new(Written(NdpFrame.Probe(Theirs, Vip) with { Destination = Vip }), NdpFault.ProbeNotToSolicitedNode) { TestDisplayName = "a probe to unicast" },
        new(Written(NdpFrame.Announcement(Theirs, Vip) with { Message = new(NdpType.NeighborAdvertisement, NeighborFlags.Solicited, Vip, Theirs) }),
            NdpFault.SolicitedToGroup) { TestDisplayName = "a solicited advertisement to a group" },
    ];

    [Theory, MemberData(nameof(Faults))]
    public void What_rfc_4861_forbids_is_named(byte[] bytes, NdpFault expected) => Assert.Equal(expected, FaultOf(bytes));

    [Fact]
    public void A_flipped_bit_breaks_the_checksum()
    {
        var bytes = Written(Solicitation);
        bytes[77] ^= 1;
        Assert.Equal(NdpFault.Checksum, FaultOf(bytes));
    }

    [Fact]
    public void Unknown_options_are_passed_over_and_the_first_address_counts()
    {
        var bytes = With([.. Written(Solicitation), .. Hex.Bytes("0e01 010203040506"), .. Hex.Bytes("0101 0a0b0c0d0e0f")], 18, 0, 48);
        Assert.True(NdpFrame.TryRead(bytes, out var frame, out _));
        Assert.Equal(Theirs, frame.Message.LinkLayer);
    }

    [Fact]
    public void Ethernet_padding_is_ignored() => Assert.Equal(NdpFault.None, FaultOf([.. Written(Solicitation), 0xa5, 0xa5]));

    [Fact]
    public void Every_frame_survives_the_wire() => Prop.ForAll(Generators.NdpFrames.ToArbitrary(),
        frame => NdpFrame.TryRead(Written(frame), out var back, out var fault) && fault == NdpFault.None && back == frame).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_truncation_is_refused() => Prop.ForAll(Generators.NdpFrames.ToArbitrary(), frame =>
    {
        var bytes = Written(frame);
        return Enumerable.Range(0, bytes.Length).All(length => FaultOf(bytes.AsSpan(0, length)) != NdpFault.None);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_single_bit_error_past_the_flow_label_is_seen() =>
        Prop.ForAll(Generators.NdpFrames.ToArbitrary(), Gen.Choose(18 * 8, 77 * 8).ToArbitrary(), (frame, bit) =>
    {
        var bytes = Written(frame);
        bytes[bit / 8] ^= (byte)(1 << bit % 8);
        return FaultOf(bytes) != NdpFault.None;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_bytes_throw() => Prop.ForAll(Generators.Bytes.ToArbitrary(), bytes => { NdpFrame.TryRead(bytes, out _, out _); }).QuickCheckThrowOnFailure();

    [Fact]
    public void No_message_body_throws() => Prop.ForAll(Generators.Bytes.ToArbitrary(), body =>
    {
        byte[] frame = [.. Written(Solicitation)[..54], 135, 0, 0, 0, .. body];
        NdpFrame.TryRead(With(frame, 18, (byte)(frame.Length - 54 >> 8), (byte)(frame.Length - 54)), out _, out _);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Reading_and_answering_allocate_nothing() => Assert.Equal(0, Enumerable.Range(0, 5).Min(_ => BytesOf1000Answers()));

    /// <summary>
    /// Too many when a collection on another thread comes between: what this thread has left of its allocation buffer then counts as allocated.
    /// </summary>
    private static long BytesOf1000Answers()
    {
        var question = Written(Solicitation);
        Span<byte> answer = stackalloc byte[NdpFrame.MaxLength];
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var round = 0; round < 1000; round++)
        {
            if (NdpFrame.TryRead(question, out var frame, out _)) frame.AnsweredBy(Ours).Write(answer);
        }
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
