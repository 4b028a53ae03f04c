using System.Diagnostics;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;

namespace OrleansLb.Speaker.Tests;

/// <summary>The speaker from plan to frame and back, on a segment in memory.</summary>
public class L2SpeakerTests
{
    private static readonly MacAddress Node = Wire.Mac(1);
    private static readonly MacAddress Client = Wire.Mac(2);
    private static readonly Ipv4 Vip = Ipv4.Parse("192.0.2.10");
    private static readonly Ipv6 Vip6 = Ipv6.Parse("fd77::10");

    private static byte[][] Announcement(Ipv4 vip) =>
    [
        ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(Node, vip)).Bytes(),
        ArpFrame.To(MacAddress.Broadcast, ArpPacket.AnnouncementReply(Node, vip)).Bytes(),
    ];

    private static ArpFrame Request(Ipv4 target) =>
        ArpFrame.To(MacAddress.Broadcast, new(ArpOperation.Request, Client, Ipv4.Parse("192.0.2.1"), MacAddress.None, target));

    [Fact]
    public async Task An_assigned_address_is_told_in_both_forms_before_apply_returns()
    {
        await using var lab = new MemoryLab();
        Assert.Equal(PlanOutcome.Applied, await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10", epoch: 3))));
        Assert.Equal(Announcement(Vip), lab.NodeFrames());
        var fact = await lab.Speaker.Facts.Next<SpeakerFact.Announced>();
        Assert.Equal(new(Address.Parse("192.0.2.10"), 3, ["eth0"], lab.Time.GetUtcNow()), fact);
    }

    [Fact]
    public async Task An_ipv6_address_is_told_by_an_overriding_advertisement()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("fd77::10")));
        Assert.Equal([NdpFrame.Announcement(Node, Vip6).Bytes()], lab.NodeFrames());
    }

    [Fact]
    public async Task It_answers_requests_and_probes_for_what_it_holds()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10"), Wire.Assign("fd77::10")));
        lab.NodeFrames();
        Assert.Equal(ArpFrame.To(Client, Request(Vip).Packet.AnsweredBy(Node)), await lab.Ask(Request(Vip)));
        Assert.Equal(Ipv4.Unspecified, (await lab.Ask(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Probe(Client, Vip)))).Packet.TargetIp);
        Assert.Equal(NdpFrame.Announcement(Node, Vip6), await lab.Ask(NdpFrame.Probe(Client, Vip6)));
    }

    [Fact]
    public async Task Garbage_before_a_question_changes_nothing()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        lab.NodeFrames();
        var request = Request(Vip).Bytes();
        for (var length = EthernetHeader.Length; length < request.Length; length++) lab.ClientPort.Send(request.AsSpan(0, length));
        lab.ClientPort.Send([.. request[..14], .. Enumerable.Repeat((byte)0xff, 4000)]);
        Assert.Equal(Vip, (await lab.Ask(Request(Vip))).Packet.SenderIp);
    }

    [Fact]
    public async Task The_announcement_is_repeated_and_ends()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        for (var round = 0; round < 5; round++)
        {
            Assert.Equal(Announcement(Vip)[0], await lab.NextNodeFrame());
            Assert.Equal(Announcement(Vip)[1], await lab.NextNodeFrame());
            lab.Time.Advance(TimeSpan.FromSeconds(1.1));
        }
        await lab.Speaker.Apply(Wire.Then(1, [])); // a turn of the loop, after which the alarm has done what it had to
        Assert.Empty(lab.NodeFrames());
    }

    [Fact]
    public async Task A_withdrawn_address_is_neither_answered_nor_mentioned_again()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10"), Wire.Assign("192.0.2.11")));
        await lab.Speaker.Apply(Wire.Then(1, [], "192.0.2.10"));
        Assert.Equal(Address.Parse("192.0.2.10"), (await lab.Speaker.Facts.Next<SpeakerFact.Withdrawn>()).Address);
        lab.NodeFrames();
        lab.ClientPort.Send(Request(Vip).Bytes());
        Assert.Equal(Ipv4.Parse("192.0.2.11"), (await lab.Ask(Request(Ipv4.Parse("192.0.2.11")))).Packet.SenderIp);
        lab.Time.Advance(TimeSpan.FromSeconds(6));
        await lab.Speaker.Apply(Wire.Then(2, []));
        Assert.All(lab.NodeFrames(), frame => Assert.DoesNotContain("c000020a", Convert.ToHexStringLower(frame), StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_plan_with_a_gap_is_refused_until_the_whole_one_comes()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        Assert.Equal(PlanOutcome.Gap, await lab.Speaker.Apply(Wire.Then(4, [Wire.Assign("192.0.2.12")])));
        Assert.Equal(PlanOutcome.Stale, await lab.Speaker.Apply(Wire.Whole(1)));
        lab.NodeFrames();
        Assert.Equal(PlanOutcome.Applied, await lab.Speaker.Apply(Wire.Whole(5, Wire.Assign("192.0.2.10"), Wire.Assign("192.0.2.12"))));
        Assert.Equal(Announcement(Ipv4.Parse("192.0.2.12")), lab.NodeFrames());
    }

    [Fact]
    public async Task A_new_epoch_is_told_anew()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10", epoch: 1)));
        lab.NodeFrames();
        await lab.Speaker.Apply(Wire.Then(1, [Wire.Assign("192.0.2.10", epoch: 2)]));
        Assert.Equal(Announcement(Vip), lab.NodeFrames());
        await lab.Speaker.Facts.Next<SpeakerFact.Announced>();
        Assert.Equal(2, (await lab.Speaker.Facts.Next<SpeakerFact.Announced>()).Epoch);
    }

    [Fact]
    public async Task Carrier_lost_and_back_is_followed_by_silence_and_a_new_announcement()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        lab.Links.SetCarrier("eth0", false);
        var lost = await lab.Speaker.Facts.Next<SpeakerFact.NoInterface>();
        Assert.Contains("eth0 (not usable, 192.0.2.0/24, fd77::/64)", lost.Message, StringComparison.Ordinal);
        lab.NodeFrames();
        lab.Links.SetCarrier("eth0", true);
        await lab.Speaker.Facts.Next<SpeakerFact.Announced>();
        Assert.Equal(Announcement(Vip), lab.NodeFrames());
        Assert.Equal(Vip, (await lab.Ask(Request(Vip))).Packet.SenderIp);
    }

    [Fact]
    public async Task A_new_hardware_address_is_spoken_from_and_told()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        await lab.Speaker.Facts.Next<SpeakerFact.Announced>();
        using var moved = lab.Segment.Plug(Wire.Mac(9));
        var client = lab.ClientPort.Open("client", Speaker.Links.LinkTraffic.Arp);
        lab.Links.Set("eth0", moved, [Prefix.Parse("192.0.2.0/24")]);
        var heard = new byte[ArpFrame.Length];
        Assert.Equal(ArpFrame.Length, client.Receive(heard));
        Assert.Equal(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(Wire.Mac(9), Vip)).Bytes(), heard);
    }

    [Fact]
    public async Task A_bond_that_fails_over_is_told_anew()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        await lab.Speaker.Facts.Next<SpeakerFact.Announced>();
        lab.NodeFrames();
        lab.Links.NotifyPeers("eth0");
        await lab.Speaker.Facts.Next<SpeakerFact.Announced>();
        Assert.Equal(Announcement(Vip), lab.NodeFrames());
    }

    [Fact]
    public async Task An_address_moves_to_the_interface_that_its_selector_means_now()
    {
        await using var lab = new MemoryLab();
        using var second = lab.Segment.Plug(Wire.Mac(5));
        var target = new InterfaceSelector.CanReach(Address.Parse("198.51.100.1"));
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10", 1, target)));
        Assert.Contains("can_reach:198.51.100.1", (await lab.Speaker.Facts.Next<SpeakerFact.NoInterface>()).Message, StringComparison.Ordinal);
        lab.Links.Set("eth0", lab.NodePort, [Prefix.Parse("192.0.2.0/24")], [Prefix.Parse("0.0.0.0/0")]);
        Assert.Equal(["eth0"], (await lab.Speaker.Facts.Next<SpeakerFact.Announced>()).Interfaces);
        lab.Links.Set("eth1", second, [Prefix.Parse("198.51.100.0/24")]);
        Assert.Equal(["eth1"], (await lab.Speaker.Facts.Next<SpeakerFact.Announced>()).Interfaces);
    }

    [Fact]
    public async Task Interfaces_that_the_options_leave_out_are_not_used()
    {
        await using var lab = new MemoryLab(new() { Node = Wire.Node, Interfaces = ["eth7"] });
        Assert.False((await lab.Speaker.Facts.Next<SpeakerFact.LinksChanged>()).Links.Links[0].Usable);
        Assert.Equal(new("eth7", "There is no interface 'eth7' on this node; there are eth0."), await lab.Speaker.Facts.Next<SpeakerFact.LinkFailed>());
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        await lab.Speaker.Facts.Next<SpeakerFact.NoInterface>();
        Assert.Empty(lab.NodeFrames());
    }

    public static IEnumerable<TheoryDataRow<InterfaceSelector, bool>> Excluded =>
    [
        new(new InterfaceSelector.Named("eth0"), false),
        new(new InterfaceSelector.Pattern("eth.*"), false),
        new(new InterfaceSelector.Pattern("et"), true), // a pattern is of the whole name
        new(new InterfaceSelector.Pattern("docker.*|veth.*"), true),
    ];

    [Theory, MemberData(nameof(Excluded), DisableDiscoveryEnumeration = true)]
    public async Task Interfaces_that_the_options_exclude_are_not_used(InterfaceSelector excluded, bool used)
    {
        await using var lab = new MemoryLab(new() { Node = Wire.Node, ExcludedInterfaces = [excluded] });
        Assert.Equal(used, (await lab.Speaker.Facts.Next<SpeakerFact.LinksChanged>()).Links.Links[0].Usable);
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        Assert.Equal(used ? Announcement(Vip) : [], lab.NodeFrames());
    }

    [Fact]
    public async Task A_foreign_claim_is_reported_with_its_holder_once_in_ten_seconds()
    {
        await using var lab = new MemoryLab(new() { Node = Wire.Node, Announcement = new() { Duration = TimeSpan.Zero } });
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10"), Wire.Assign("fd77::10")));
        lab.NodeFrames();
        for (var round = 0; round < 3; round++) lab.ClientPort.Send(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(Client, Vip)).Bytes());
        await lab.Ask(Request(Vip)); // by now the claims have been judged
        lab.ClientPort.Send(NdpFrame.Announcement(Client, Vip6).Bytes());
        await lab.Ask(NdpFrame.Probe(Client, Vip6));
        await lab.PassGrace(1);
        var conflict = await lab.Speaker.Facts.Next<SpeakerFact.ConflictSeen>();
        Assert.Equal((Address.Parse("192.0.2.10"), new HardwareAddress(Client.Value), "eth0"), (conflict.Address, conflict.Holder, conflict.Interface));
        Assert.Equal(Address.Parse("fd77::10"), (await lab.Speaker.Facts.Next<SpeakerFact.ConflictSeen>()).Address);
        lab.Time.Advance(TimeSpan.FromSeconds(10));
        lab.NodeFrames();
        lab.ClientPort.Send(ArpFrame.To(MacAddress.Broadcast, ArpPacket.AnnouncementReply(Client, Vip)).Bytes());
        await lab.Ask(Request(Vip));
        await lab.PassGrace(3);
        Assert.Equal(conflict.Address, (await lab.Speaker.Facts.Next<SpeakerFact.ConflictSeen>()).Address);
    }

    [Fact]
    public async Task A_claim_that_a_withdrawal_follows_was_a_hand_over()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        lab.NodeFrames();
        lab.ClientPort.Send(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(Client, Vip)).Bytes());
        await lab.Ask(Request(Vip));
        await lab.Speaker.Apply(Wire.Then(1, [], "192.0.2.10"));
        lab.Time.Advance(TimeSpan.FromSeconds(2));
        await lab.DisposeAsync();
        var facts = await lab.Speaker.Facts.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(facts, fact => fact is SpeakerFact.ConflictSeen);
    }

    [Fact]
    public async Task A_speaker_that_defends_tells_the_segment_once_more()
    {
        await using var lab = new MemoryLab(new() { Node = Wire.Node, OnConflict = ConflictPolicy.Defend, Announcement = new() { Duration = TimeSpan.Zero } });
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        lab.NodeFrames();
        lab.ClientPort.Send(ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(Client, Vip)).Bytes());
        await lab.Ask(Request(Vip));
        await lab.PassGrace(1);
        Assert.Equal(Announcement(Vip), lab.NodeFrames());
    }

    [Fact]
    public async Task A_graceful_stop_tells_the_cluster_and_not_the_segment()
    {
        var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        lab.NodeFrames();
        await lab.DisposeAsync();
        var facts = await lab.Speaker.Facts.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        Assert.Equal(new SpeakerFact.Withdrawn(Address.Parse("192.0.2.10")), facts[^1]);
        Assert.Empty(lab.NodeFrames());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => lab.Speaker.Apply(Wire.Whole(2)));
    }

    [Fact]
    public async Task A_killed_speaker_says_nothing_and_answers_nothing()
    {
        var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        await lab.Speaker.Kill();
        var facts = await lab.Speaker.Facts.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(facts, fact => fact is SpeakerFact.Withdrawn);
        lab.NodeFrames();
        lab.ClientPort.Send(Request(Vip).Bytes());
        Assert.Empty(lab.NodeFrames());
    }

    [Fact]
    public async Task Five_hundred_addresses_are_all_told_within_half_a_second()
    {
        await using var lab = new MemoryLab();
        lab.Links.Set("eth0", lab.NodePort, [Prefix.Parse("10.0.0.0/8")]);
        await lab.Speaker.Apply(Wire.Whole(1, [.. Enumerable.Range(0, 500).Select(index => Wire.Assign($"10.0.{index / 250}.{index % 250}"))]));
        var told = new HashSet<Address>();
        for (var version = 1; version <= 100; version++)
        {
            while (lab.Speaker.Facts.TryRead(out var fact)) told.UnionWith(fact is SpeakerFact.Announced announced ? [announced.Address] : []);
            lab.Time.Advance(TimeSpan.FromMilliseconds(5));
            await lab.Speaker.Apply(Wire.Then(version, [])); // by then the loop has had its turn
        }
        Assert.Equal(500, told.Count);
    }

    [Fact]
    public async Task The_span_of_an_announcement_belongs_to_the_trace_of_its_plan()
    {
        var stopped = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "OrleansLb.Speaker",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => { lock (stopped) stopped.Add(activity); },
        };
        ActivitySource.AddActivityListener(listener);
        await using var lab = new MemoryLab();
        const string Trace = "4bf92f3577b34da6a3ce929d0e0e4736";
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")) with { TraceParent = $"00-{Trace}-00f067aa0ba902b7-01" });
        lock (stopped)
            Assert.Contains(stopped, activity => activity.TraceId.ToHexString() == Trace && activity.GetTagItem("orleanslb.address") is "192.0.2.10");
    }
}
