using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker.Tests;

/// <summary>What a speaker does about a stranger that claims an address in use, by policy.</summary>
public class ConflictPolicyTests
{
    private static readonly MacAddress Node = Wire.Mac(1);
    private static readonly MacAddress Stranger = Wire.Mac(2);
    private static readonly Ipv4 Vip = Ipv4.Parse("192.0.2.10");
    private static readonly byte[] Announcement = ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(Node, Vip)).Bytes();
    private static readonly ArpFrame Probe = ArpFrame.To(MacAddress.Broadcast, ArpPacket.Probe(Stranger, Vip));

    private static MemoryLab Lab(ConflictPolicy policy) =>
        new(new() { Node = Wire.Node, OnConflict = policy, Announcement = new() { Duration = TimeSpan.Zero } });

    private static async Task Claim(MemoryLab lab, long version)
    {
        lab.NodeFrames();
        lab.ClientPort.Send(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(Stranger, Vip)).Bytes());
        await lab.Ask(Probe);
        await lab.PassGrace(version);
    }

    [Fact]
    public async Task A_defence_is_one_announcement_in_ten_seconds()
    {
        await using var lab = Lab(ConflictPolicy.Defend);
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        await Claim(lab, 1);
        Assert.Equal(Announcement, Assert.Single(lab.NodeFrames(), frame => frame[21] == 1));
        await Claim(lab, 3);
        Assert.Empty(lab.NodeFrames());
        lab.Time.Advance(TimeSpan.FromSeconds(10));
        await Claim(lab, 5);
        Assert.Equal(Announcement, lab.NodeFrames()[0]);
    }

    [Fact]
    public async Task A_report_changes_nothing_on_the_segment()
    {
        await using var lab = Lab(ConflictPolicy.Report);
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        await Claim(lab, 1);
        Assert.Equal(ConflictPolicy.Report, (await lab.Speaker.Facts.Next<SpeakerFact.ConflictSeen>()).Policy);
        Assert.Empty(lab.NodeFrames());
        Assert.Equal(Vip, (await lab.Ask(Probe)).Packet.SenderIp);
    }

    [Fact]
    public async Task A_yielded_address_is_asked_for_after_a_minute_and_used_again_when_free()
    {
        await using var lab = Lab(ConflictPolicy.Yield);
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        await lab.Announced();
        await Claim(lab, 1);
        lab.Time.Advance(TimeSpan.FromSeconds(59));
        await lab.Speaker.Apply(Wire.Then(3, []));
        Assert.Empty(lab.NodeFrames());
        lab.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Probe(Node, Vip)).Bytes(), await lab.NextNodeFrame());
        for (var version = 4; version < 8; version++)
        {
            lab.Time.Advance(TimeSpan.FromMilliseconds(3));
            await lab.Speaker.Apply(Wire.Then(version, []));
        }
        Assert.Contains(Announcement, lab.NodeFrames());
    }

    [Fact]
    public async Task A_yielded_address_that_is_still_in_use_stays_yielded()
    {
        await using var lab = Lab(ConflictPolicy.Yield);
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10"), Wire.Assign("192.0.2.11")));
        await lab.Announced(2);
        await Claim(lab, 1);
        lab.Time.Advance(TimeSpan.FromSeconds(61));
        var probe = await lab.NextNodeFrame();
        Assert.Equal(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Probe(Node, Vip)).Bytes(), probe);
        lab.ClientPort.Send(ArpFrame.To(Node, new(ArpOperation.Reply, Stranger, Vip, Node, Ipv4.Unspecified)).Bytes());
        lab.NodeFrames();
        await lab.Ask(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Probe(Stranger, Ipv4.Parse("192.0.2.11")))); // by now it has heard the answer
        await lab.Speaker.Apply(Wire.Then(3, []));
        lab.Time.Advance(TimeSpan.FromSeconds(30));
        await lab.Speaker.Apply(Wire.Then(4, []));
        Assert.DoesNotContain(Announcement, lab.NodeFrames());
    }

    [Fact]
    public async Task The_advertisement_says_otherwise_than_the_node()
    {
        await using var lab = Lab(ConflictPolicy.Defend);
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10") with { Style = new(OnConflict: ConflictPolicy.Report) }));
        await Claim(lab, 1);
        Assert.Equal(ConflictPolicy.Report, (await lab.Speaker.Facts.Next<SpeakerFact.ConflictSeen>()).Policy);
    }

    [Fact]
    public async Task Our_own_other_interface_is_no_stranger()
    {
        await using var lab = Lab(ConflictPolicy.Defend);
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10", 1, new InterfaceSelector.Named("eth0"))));
        using var second = lab.Segment.Plug(Wire.Mac(5));
        lab.Links.Set("eth1", second, []);
        for (var change = 0; change < 2; change++) await lab.Speaker.Facts.Next<SpeakerFact.LinksChanged>();
        await lab.Speaker.Apply(Wire.Then(1, []));
        lab.NodeFrames();
        second.Send(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(Wire.Mac(5), Vip)).Bytes());
        await lab.Ask(Probe);
        await lab.PassGrace(2);
        await lab.DisposeAsync();
        var facts = await lab.Speaker.Facts.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(facts, fact => fact is SpeakerFact.ConflictSeen);
    }
}
