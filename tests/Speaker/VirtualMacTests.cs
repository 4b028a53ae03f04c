using OrleansLb.Core.Announcements;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;

namespace OrleansLb.Speaker.Tests;

/// <summary>Addresses that are announced with a hardware address of their own, on a segment in memory.</summary>
public class VirtualMacTests
{
    private static readonly MacAddress Node = Wire.Mac(1), Client = Wire.Mac(2), Other = Wire.Mac(3);
    private static readonly Ipv4 Vip = Ipv4.Parse("192.0.2.10"), Asker = Ipv4.Parse("192.0.2.1");
    private static readonly Ipv6 Vip6 = Ipv6.Parse("fd77::10"), Asker6 = Ipv6.Parse("fd77::1");
    private static readonly MacAddress Virtual = VirtualMac.Of(Vip), Virtual6 = VirtualMac.Of(Vip6);

    private static L2SpeakerOptions Options => new() { Node = Wire.Node, Announcement = new() { Duration = TimeSpan.Zero } };

    private static ArpFrame Request(MacAddress to) => ArpFrame.To(to, new(ArpOperation.Request, Client, Asker, MacAddress.None, Vip));

    private static NdpFrame Solicitation(MacAddress to) =>
        new(to, Client, Vip6, Asker6, new(NdpType.NeighborSolicitation, NeighborFlags.None, Vip6, Client));

    private static Assignment Assign(string address, bool virtualMac = true) => Wire.Assign(address) with { Style = virtualMac ? new(VirtualMac: true) : null };

    private static byte[] Claim(MacAddress station) =>
        (ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(Virtual, Vip)) with { Station = station }).Bytes();

    private static async Task<MemoryLab> Announcing(params Assignment[] assignments)
    {
        var lab = new MemoryLab(Options);
        await lab.Speaker.Apply(Wire.Whole(1, assignments));
        return lab;
    }

    [Fact]
    public async Task The_first_frame_lets_the_switch_learn_it()
    {
        await using var lab = await Announcing(Assign("192.0.2.10"), Assign("fd77::10"));
        Assert.Equal(
            [Claim(Node), (ArpFrame.To(MacAddress.Broadcast, ArpPacket.AnnouncementReply(Virtual, Vip)) with { Station = Node }).Bytes(),
                NdpFrame.Announcement(Virtual6, Vip6, Node).Bytes()],
            lab.NodeFrames());
        Assert.Equal(lab.NodePort, lab.Segment.PortOf(Virtual));
        Assert.Equal(lab.NodePort, lab.Segment.PortOf(Virtual6));
    }

    [Fact]
    public async Task Requests_are_answered_with_it_also_those_that_are_sent_to_it()
    {
        await using var lab = await Announcing(Assign("192.0.2.10"), Assign("fd77::10"));
        lab.NodeFrames();
        foreach (var to in new[] { MacAddress.Broadcast, Virtual })
        {
            Assert.Equal(ArpFrame.To(Client, Request(to).Packet.AnsweredBy(Virtual)) with { Station = Node }, await lab.Ask(Request(to)));
        }
        foreach (var to in new[] { MacAddress.ForGroup(Vip6.SolicitedNode), Virtual6 })
        {
            Assert.Equal(Solicitation(to).AnsweredBy(Virtual6, Node), await lab.Ask(Solicitation(to)));
        }
    }

    [Fact]
    public async Task Once_withdrawn_its_frames_are_not_taken_any_more()
    {
        await using var lab = await Announcing(Assign("192.0.2.10"), Assign("192.0.2.11", virtualMac: false));
        await lab.Speaker.Apply(Wire.Then(1, [], "192.0.2.10"));
        lab.NodeFrames();
        lab.ClientPort.Send((ArpFrame.To(Virtual, new(ArpOperation.Request, Client, Asker, MacAddress.None, Ipv4.Parse("192.0.2.11")))).Bytes());
        Assert.Equal(Node,
            (await lab.Ask(ArpFrame.To(MacAddress.Broadcast, new(ArpOperation.Request, Client, Asker, MacAddress.None, Ipv4.Parse("192.0.2.11")))))
                .Packet.SenderMac);
        Assert.Empty(lab.NodeFrames()); // one question of the two was for the interface
    }

    [Fact]
    public async Task When_the_advertisement_changes_the_segment_is_told()
    {
        await using var lab = await Announcing(Assign("192.0.2.10"));
        lab.NodeFrames();
        await lab.Speaker.Apply(Wire.Then(1, [Assign("192.0.2.10", virtualMac: false)]));
        Assert.Equal(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(Node, Vip)).Bytes(), lab.NodeFrames()[0]);
        await lab.Speaker.Apply(Wire.Then(2, [Assign("192.0.2.10")]));
        Assert.Equal(Claim(Node), lab.NodeFrames()[0]);
    }

    /// <summary>Both have the same hardware address: the padding tells them apart, and the cluster hears of the node and not of the address.</summary>
    [Fact]
    public async Task Another_node_that_announces_with_it_is_seen_as_that_node()
    {
        await using var lab = await Announcing(Assign("192.0.2.10"));
        lab.NodeFrames(); // what it has announced is no answer
        lab.ClientPort.Send(Claim(Node)); // its own frame, thrown back by a faulty switch
        lab.ClientPort.Send(Claim(Other));
        await lab.Ask(Request(MacAddress.Broadcast));
        await lab.PassGrace(1);
        Assert.Equal(Other.Value, (await lab.Speaker.Facts.Next<SpeakerFact.ConflictSeen>()).Holder.Value);
    }

    [Fact]
    public async Task On_its_own_the_speaker_gives_way_to_another_node_that_announces_with_it()
    {
        await using var lab = await Announcing(Assign("192.0.2.10"), Assign("192.0.2.11", virtualMac: false));
        lab.Speaker.Confirm(lab.Time.GetTimestamp());
        lab.Time.Advance(Options.Fencing.Patience); // it runs, and hears nothing of the cluster
        lab.Time.Advance(Options.Fencing.Patience);
        lab.Time.Advance(Options.Fencing.Patience);
        await lab.Speaker.Apply(Wire.Then(1, []));
        lab.NodeFrames();
        lab.ClientPort.Send(Claim(Other));
        // the claim has been judged
        await lab.Ask(ArpFrame.To(MacAddress.Broadcast, new(ArpOperation.Request, Client, Asker, MacAddress.None, Ipv4.Parse("192.0.2.11"))));
        await lab.Speaker.Apply(Wire.Then(2, []));
        lab.NodeFrames();
        lab.ClientPort.Send(Request(MacAddress.Broadcast).Bytes());
        Assert.Equal(Ipv4.Parse("192.0.2.11"),
            (await lab.Ask(ArpFrame.To(MacAddress.Broadcast, new(ArpOperation.Request, Client, Asker, MacAddress.None, Ipv4.Parse("192.0.2.11")))))
                .Packet.SenderIp);
    }
}
