using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;

namespace OrleansLb.Speaker.Tests;

/// <summary>What precedes the first use of an address: probes, and what a stranger's answer changes.</summary>
public class FirstUseTests
{
    private static readonly MacAddress Node = Wire.Mac(1);
    private static readonly MacAddress Stranger = Wire.Mac(2);
    private static readonly Ipv4 Vip = Ipv4.Parse("192.0.2.10");
    private static readonly Ipv6 Vip6 = Ipv6.Parse("fd77::10");
    private static readonly byte[] Probe = ArpFrame.To(MacAddress.Broadcast, ArpPacket.Probe(Node, Vip)).Bytes();
    private static readonly byte[] Probe6 = NdpFrame.Probe(Node, Vip6).Bytes();

    private static Assignment First(string address, long epoch = 1) => Wire.Assign(address, epoch) with { Probe = true };

    private static ArpFrame AnswerToProbe => ArpFrame.To(Node, new(ArpOperation.Reply, Stranger, Vip, Node, Ipv4.Unspecified));

    /// <summary>Lets each probe have its turn of the loop. The versions of the plan from <paramref name="version"/> on are used up.</summary>
    private static async Task PassProbes(MemoryLab lab, long version, Core.NodeName? node = null)
    {
        for (var probe = 0; probe < 3; probe++)
        {
            lab.Time.Advance(TimeSpan.FromMilliseconds(3));
            await lab.Speaker.Apply(Wire.Then(version + probe, []) with { Node = node ?? Wire.Node });
        }
    }

    [Fact]
    public async Task Three_probes_and_9_ms_precede_the_first_announcement()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, First("192.0.2.10")));
        for (var probe = 0; probe < 3; probe++)
        {
            Assert.Equal(Probe, await lab.NextNodeFrame());
            Assert.Empty(lab.NodeFrames());
            lab.Time.Advance(TimeSpan.FromMilliseconds(3));
        }
        Assert.Equal(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(Node, Vip)).Bytes(), await lab.NextNodeFrame());
        Assert.Equal(1, (await lab.Speaker.Facts.Next<SpeakerFact.Announced>()).Epoch);
    }

    [Fact]
    public async Task An_ipv6_address_is_asked_for_as_duplicate_address_detection_does()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, First("fd77::10")));
        for (var probe = 0; probe < 3; probe++)
        {
            Assert.Equal(Probe6, await lab.NextNodeFrame());
            lab.Time.Advance(TimeSpan.FromMilliseconds(3));
        }
        Assert.Equal(NdpFrame.Announcement(Node, Vip6).Bytes(), await lab.NextNodeFrame());
    }

    [Fact]
    public async Task A_takeover_is_never_delayed_by_a_probe()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        Assert.NotEqual(Probe, await lab.NextNodeFrame());
    }

    [Fact]
    public async Task Without_probes_configured_the_first_use_is_at_once()
    {
        await using var lab = new MemoryLab(new() { Node = Wire.Node, Probe = new() { Count = 0 } });
        await lab.Speaker.Apply(Wire.Whole(1, First("192.0.2.10")));
        Assert.Equal(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(Node, Vip)).Bytes(), await lab.NextNodeFrame());
    }

    [Fact]
    public async Task An_address_in_use_is_not_probed_again()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        lab.NodeFrames();
        await lab.Speaker.Apply(Wire.Then(1, [First("192.0.2.10", epoch: 2)]));
        Assert.NotEqual(Probe, lab.NodeFrames()[0]);
    }

    public static IEnumerable<TheoryDataRow<byte[]>> Claims =>
    [
        new(AnswerToProbe.Bytes()) { TestDisplayName = "an answer" },
        new(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(Stranger, Vip)).Bytes()) { TestDisplayName = "an announcement" },
        new(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Probe(Stranger, Vip)).Bytes()) { TestDisplayName = "a probe by another host" },
    ];

    [Theory, MemberData(nameof(Claims))]
    public async Task A_claim_during_the_probes_is_told_and_nothing_is_announced(byte[] claim)
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, First("192.0.2.10", epoch: 4)));
        lab.ClientPort.Send(claim);
        var taken = await lab.Speaker.Facts.Next<SpeakerFact.AddressTaken>();
        Assert.Equal((Address.Parse("192.0.2.10"), 4, new HardwareAddress(Stranger.Value), "eth0"),
            (taken.Address, taken.Epoch, taken.Holder, taken.Interface));
        lab.NodeFrames();
        lab.Time.Advance(TimeSpan.FromSeconds(10));
        await lab.Speaker.Apply(Wire.Then(1, [])); // a turn of the loop
        Assert.Empty(lab.NodeFrames());
    }

    [Fact]
    public async Task An_advertisement_or_a_foreign_probe_is_a_claim_of_an_ipv6_address()
    {
        foreach (var claim in new[] { NdpFrame.Announcement(Stranger, Vip6), NdpFrame.Probe(Stranger, Vip6) })
        {
            await using var lab = new MemoryLab();
            await lab.Speaker.Apply(Wire.Whole(1, First("fd77::10")));
            lab.ClientPort.Send(claim.Bytes());
            Assert.Equal(new(Stranger.Value), (await lab.Speaker.Facts.Next<SpeakerFact.AddressTaken>()).Holder);
        }
    }

    [Fact]
    public async Task An_answer_that_comes_late_takes_the_address_back_out_of_use()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, First("192.0.2.10")));
        await PassProbes(lab, 1);
        await lab.Announced();
        lab.Time.Advance(TimeSpan.FromSeconds(2));
        lab.ClientPort.Send(AnswerToProbe.Bytes());
        await lab.Speaker.Facts.Next<SpeakerFact.AddressTaken>();
        lab.NodeFrames();
        lab.Time.Advance(TimeSpan.FromSeconds(10));
        await lab.Speaker.Apply(Wire.Then(4, []));
        Assert.Empty(lab.NodeFrames());
    }

    [Fact]
    public async Task After_a_while_the_same_claim_is_a_conflict()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, First("192.0.2.10")));
        await PassProbes(lab, 1);
        await lab.Announced();
        lab.Time.Advance(TimeSpan.FromSeconds(6));
        lab.NodeFrames();
        lab.ClientPort.Send(AnswerToProbe.Bytes());
        await lab.Ask(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Probe(Stranger, Vip)));
        await lab.PassGrace(4);
        Assert.Equal(ConflictPolicy.Defend, (await lab.Speaker.Facts.Next<SpeakerFact.ConflictSeen>()).Policy);
    }

    [Fact]
    public async Task The_cluster_may_insist_on_an_address_that_was_found_taken()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, First("192.0.2.10")));
        lab.ClientPort.Send(AnswerToProbe.Bytes());
        await lab.Speaker.Facts.Next<SpeakerFact.AddressTaken>();
        lab.NodeFrames();
        await lab.Speaker.Apply(Wire.Then(1, [Wire.Assign("192.0.2.10", epoch: 2)]));
        Assert.Equal(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(Node, Vip)).Bytes(), lab.NodeFrames()[0]);
    }

    [Fact]
    public async Task A_request_for_an_address_that_is_being_probed_is_no_claim_and_gets_no_answer()
    {
        using var refusals = new RefusalWatch(new("prober"));
        await using var lab = new MemoryLab(new() { Node = new("prober") });
        await lab.Speaker.Apply(Wire.Whole(1, First("192.0.2.10")) with { Node = new("prober") });
        lab.ClientPort.Send(ArpFrame.To(MacAddress.Broadcast, new(ArpOperation.Request, Stranger, Ipv4.Parse("192.0.2.1"), MacAddress.None, Vip)).Bytes());
        await refusals.Next("Silent");
        Assert.All(lab.NodeFrames(), frame => Assert.Equal(Probe, frame));
        await PassProbes(lab, 1, new("prober"));
        var fact = await lab.Speaker.Facts.Next<SpeakerFact.Announced>();
        Assert.Equal(Address.Parse("192.0.2.10"), fact.Address);
        Assert.Contains(ArpFrame.To(Stranger, new(ArpOperation.Reply, Node, Vip, Stranger, Ipv4.Parse("192.0.2.1"))).Bytes(), lab.NodeFrames());
    }
}
