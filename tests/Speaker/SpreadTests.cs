using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Responding;

namespace OrleansLb.Speaker.Tests;

/// <summary>One node of several that answer for an address, each a share of the askers.</summary>
public class SpreadTests
{
    private static readonly NodeName Node = new("sharer");
    private static readonly EquatableList<NodeName> Two = [new("other"), Node];
    private static readonly Ipv4 Vip = Ipv4.Parse("192.0.2.10");
    private static readonly AskerShare Share = new(Address.Parse("192.0.2.10"), Node, Two);
    private static readonly int Ours = Enumerable.Range(100, 100).First(asker => Share.Has(Wire.Mac(asker)));
    private static readonly int Theirs = Enumerable.Range(100, 100).First(asker => !Share.Has(Wire.Mac(asker)));

    private static Assignment Assign(EquatableList<NodeName> sharers) => Wire.Assign("192.0.2.10") with { Style = new(Spread: true), Sharers = sharers };

    private static ArpFrame Request(int asker) =>
        ArpFrame.To(MacAddress.Broadcast, new(ArpOperation.Request, Wire.Mac(asker), new(0xc0000200 + (uint)asker), MacAddress.None, Vip));

    private static byte[] Answer(int asker) => ArpFrame.To(Wire.Mac(asker), Request(asker).Packet.AnsweredBy(Wire.Mac(1))).Bytes();

    [Fact]
    public async Task Its_own_askers_are_answered_and_nothing_is_told_to_all()
    {
        using var refusals = new RefusalWatch(Node);
        await using var lab = new MemoryLab(new() { Node = Node });
        await lab.Speaker.Apply(Wire.Whole(1, Assign(Two)) with { Node = Node });
        await lab.Speaker.Facts.Next<SpeakerFact.Announced>();
        Assert.Empty(lab.NodeFrames());
        lab.ClientPort.Send(Request(Theirs).Bytes());
        await refusals.Next("NotOurShare");
        lab.ClientPort.Send(Request(Ours).Bytes());
        Assert.Equal(Answer(Ours), await lab.NextNodeFrame());
    }

    [Fact]
    public async Task When_the_other_is_gone_its_askers_are_told_one_by_one()
    {
        using var refusals = new RefusalWatch(Node);
        await using var lab = new MemoryLab(new() { Node = Node, Announcement = new() { Duration = TimeSpan.Zero } });
        await lab.Speaker.Apply(Wire.Whole(1, Assign(Two)) with { Node = Node });
        await lab.Speaker.Facts.Next<SpeakerFact.Announced>();
        lab.ClientPort.Send(Request(Theirs).Bytes());
        await refusals.Next("NotOurShare");
        lab.NodeFrames();
        await lab.Speaker.Apply(Wire.Then(1, [Assign([Node])]) with { Node = Node });
        Assert.Contains(Answer(Theirs), lab.NodeFrames());
        Assert.Equal(1, (await lab.Speaker.Facts.Next<SpeakerFact.Announced>()).Epoch);
    }

    [Fact]
    public async Task A_change_that_moves_nothing_on_the_wire_is_acknowledged_all_the_same()
    {
        await using var lab = new MemoryLab();
        await lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")));
        await lab.Announced();
        await lab.Speaker.Apply(Wire.Then(1, [Wire.Assign("192.0.2.10") with { Style = new(OnConflict: ConflictPolicy.Report) }]));
        Assert.Equal(Address.Parse("192.0.2.10"), (await lab.Speaker.Facts.Next<SpeakerFact.Announced>()).Address);
        Assert.Empty(lab.NodeFrames());
    }
}
