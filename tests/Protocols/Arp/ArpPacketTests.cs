using FsCheck;
using FsCheck.Fluent;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Protocols.Tests.Arp;

public class ArpPacketTests
{
    private static readonly MacAddress Ours = MacAddress.Parse("02:00:5e:10:00:01");
    private static readonly MacAddress Theirs = MacAddress.Parse("02:00:5e:10:00:02");
    private static readonly Ipv4 Vip = Ipv4.Parse("192.0.2.10");

    private const string Request = "0001 0800 06 04 0001 02005e100002 c0000201 000000000000 c000020a";

    [Fact]
    public void A_request_reads_field_by_field()
    {
        Assert.True(ArpPacket.TryRead(Hex.Bytes(Request), out var packet));
        Assert.Equal(new(ArpOperation.Request, Theirs, Ipv4.Parse("192.0.2.1"), MacAddress.None, Vip), packet);
    }

    [Fact]
    public void Its_answer_goes_back_to_the_asker_from_the_address_asked_for()
    {
        Assert.True(ArpPacket.TryRead(Hex.Bytes(Request), out var packet));
        Assert.Equal(new(ArpOperation.Reply, Ours, Vip, Theirs, Ipv4.Parse("192.0.2.1")), packet.AnsweredBy(Ours));
    }

    [Fact]
    public void A_probe_is_answered_to_the_unspecified_address() =>
        Assert.Equal(new(ArpOperation.Reply, Ours, Vip, Theirs, Ipv4.Unspecified), ArpPacket.Probe(Theirs, Vip).AnsweredBy(Ours));

    public static TheoryData<string, ArpPacket> Announcements => new()
    {
        { "ffffffffffff02005e1000010806 0001080006040001 02005e100001c000020a 000000000000c000020a", ArpPacket.Announcement(Ours, Vip) },
        { "ffffffffffff02005e1000010806 0001080006040002 02005e100001c000020a ffffffffffffc000020a", ArpPacket.AnnouncementReply(Ours, Vip) },
    };

    [Theory, MemberData(nameof(Announcements))]
    public void Both_forms_of_announcement_are_written_as_the_rfcs_show_them(string bytes, ArpPacket packet)
    {
        var frame = new byte[ArpFrame.Length];
        ArpFrame.To(MacAddress.Broadcast, packet).Write(frame);
        Assert.Equal(Hex.Text(Hex.Bytes(bytes)), Hex.Text(frame));
        Assert.True(packet.IsGratuitous);
        Assert.False(packet.IsProbe);
    }

    [Theory]
    [InlineData("0006 0800 06 04", "another hardware type")]
    [InlineData("0001 86dd 06 04", "another protocol type")]
    [InlineData("0001 0800 08 04", "a longer hardware address")]
    [InlineData("0001 0800 06 10", "a longer protocol address")]
    public void Only_ethernet_and_ipv4_are_accepted(string start, string why)
    {
        var bytes = Hex.Bytes(Request);
        Hex.Bytes(start).CopyTo(bytes, 0);
        Assert.False(ArpPacket.TryRead(bytes, out _), why);
    }

    [Fact]
    public void Padding_to_the_ethernet_minimum_is_ignored()
    {
        var padded = new byte[60];
        ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(Ours, Vip)).Write(padded);
        padded.AsSpan(ArpFrame.Length).Fill(0xa5);
        Assert.True(ArpFrame.TryRead(padded, out var frame));
        Assert.Equal(ArpPacket.Announcement(Ours, Vip), frame.Packet);
    }

    [Fact]
    public void A_frame_in_the_name_of_a_virtual_address_says_in_its_padding_which_station_sent_it()
    {
        var frame = ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(VirtualMac.Of(Vip), Vip)) with { Station = Ours };
        var bytes = new byte[ArpFrame.MaxLength];
        Assert.Equal(ArpFrame.MaxLength, frame.Write(bytes));
        Assert.Equal(
            "ffffffffffff a24cc000020a 0806 0001080006040001 a24cc000020ac000020a 000000000000c000020a 6f6c6201 02005e100001 0000000000000000".Replace(" ", "",
                StringComparison.Ordinal), Hex.Text(bytes));
        Assert.True(ArpFrame.TryRead(bytes, out var back));
        Assert.Equal(frame, back);
        Assert.True(ArpFrame.TryRead(bytes.AsSpan(0, ArpFrame.Length + 9), out back)); // cut in the padding: an ARP packet like any other
        Assert.Null(back.Station);
    }

    [Fact]
    public void A_frame_of_another_type_is_no_arp()
    {
        var bytes = new byte[ArpFrame.Length];
        ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(Ours, Vip)).Write(bytes);
        bytes[12] = 0x86;
        Assert.False(ArpFrame.TryRead(bytes, out _));
    }

    [Fact]
    public void Every_packet_survives_the_wire() => Prop.ForAll(Generators.ArpPackets.ToArbitrary(), packet =>
    {
        var bytes = new byte[ArpFrame.Length];
        var frame = ArpFrame.To(MacAddress.Broadcast, packet);
        frame.Write(bytes);
        return ArpFrame.TryRead(bytes, out var back) && back == frame;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Every_truncation_is_refused()
    {
        var bytes = new byte[ArpFrame.Length];
        ArpFrame.To(Theirs, ArpPacket.Announcement(Ours, Vip)).Write(bytes);
        for (var length = 0; length < bytes.Length; length++) Assert.False(ArpFrame.TryRead(bytes.AsSpan(0, length), out _));
    }

    [Fact]
    public void No_bytes_throw() => Prop.ForAll(Generators.Bytes.ToArbitrary(), bytes =>
    {
        ArpFrame.TryRead(bytes, out _);
        ArpPacket.TryRead(bytes, out _);
    }).QuickCheckThrowOnFailure();
}
