using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker.Tests.Fencing;

/// <summary>A speaker that stood still, that the cluster gave up, or that has lost the cluster: what it says, and what it does not.</summary>
public sealed class FenceTests : IAsyncDisposable
{
    private static readonly MacAddress Node = Wire.Mac(1);
    private static readonly MacAddress Rival = Wire.Mac(2);
    private static readonly Ipv4 Vip = Ipv4.Parse("192.0.2.10");
    private static readonly Ipv4 Asker = Ipv4.Parse("192.0.2.1");
    private static readonly Core.NodeName Name = new("sleeper");
    private static readonly byte[] Question = ArpFrame.To(MacAddress.Broadcast, ArpPacket.Probe(Node, Vip)).Bytes();
    private static readonly byte[] Announcement = ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(Node, Vip)).Bytes();
    private static readonly byte[] Claim = ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(Rival, Vip)).Bytes();
    private static readonly ArpFrame Request = ArpFrame.To(MacAddress.Broadcast, new(ArpOperation.Request, Rival, Asker, MacAddress.None, Vip));
    private static readonly byte[] Answer = ArpFrame.To(Rival, Request.Packet.AnsweredBy(Node)).Bytes();

    private readonly RefusalWatch _refusals = new(Name);
    private readonly MemoryLab _lab = new(new() { Node = Name, Announcement = new() { Duration = TimeSpan.Zero } });
    private long _version = 1;

    public async ValueTask DisposeAsync()
    {
        await _lab.DisposeAsync();
        _refusals.Dispose();
    }

    /// <summary>Holds the address, under a cluster that has just confirmed it.</summary>
    private async Task Begin(bool supervised = true)
    {
        await _lab.Speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.10")) with { Node = Name });
        if (supervised) _lab.Speaker.Confirm(_lab.Time.GetTimestamp());
        await _lab.Announced();
    }

    private Task<PlanOutcome> Turn() => _lab.Speaker.Apply(Wire.Then(_version++, []) with { Node = Name });

    private async Task Pass(double milliseconds)
    {
        for (var passed = 0.0; passed < milliseconds; passed += 10)
        {
            _lab.Time.Advance(TimeSpan.FromMilliseconds(10));
            await Turn();
        }
    }

    private async Task Ask()
    {
        _lab.ClientPort.Send(Request.Bytes());
        await _refusals.Next("Fenced");
    }

    /// <summary>A claim that the responder has reported and the loop has heard: after it, the address is not answered for.</summary>
    private async Task Hear(byte[] claim)
    {
        _lab.ClientPort.Send(claim);
        await _refusals.Next("Conflict");
        await Turn();
        _lab.ClientPort.Send(Request.Bytes());
        await _refusals.Next("Silent");
    }

    [Fact]
    public async Task After_a_standstill_nothing_is_answered_until_the_cluster_confirms()
    {
        await Begin();
        _lab.Time.Freeze(TimeSpan.FromSeconds(10));
        await Ask();
        await Ask();
        await Turn();
        Assert.DoesNotContain(Answer, _lab.NodeFrames());
        _lab.Speaker.Confirm(_lab.Time.GetTimestamp());
        Assert.Equal(Answer, await _lab.NextNodeFrame()); // whoever asked meanwhile is told now
        _lab.ClientPort.Send(Request.Bytes());
        Assert.Equal(Answer, await _lab.NextNodeFrame());
    }

    [Fact]
    public async Task A_probe_that_came_meanwhile_is_answered_late_too()
    {
        await Begin();
        _lab.Time.Freeze(TimeSpan.FromSeconds(10));
        var probe = ArpFrame.To(MacAddress.Broadcast, ArpPacket.Probe(Rival, Vip));
        _lab.ClientPort.Send(probe.Bytes());
        await _refusals.Next("Fenced");
        _lab.Speaker.Confirm(_lab.Time.GetTimestamp());
        Assert.Equal(ArpFrame.To(Rival, probe.Packet.AnsweredBy(Node)).Bytes(), await _lab.NextNodeFrame());
    }

    [Fact]
    public async Task What_was_asked_before_the_standstill_confirms_nothing()
    {
        await Begin();
        var askedBefore = _lab.Time.GetTimestamp();
        _lab.Time.Freeze(TimeSpan.FromSeconds(10));
        _lab.Speaker.Confirm(askedBefore);
        await Ask();
        _lab.Speaker.Confirm(askedBefore);
        await Ask();
        Assert.DoesNotContain(Answer, _lab.NodeFrames());
    }

    [Fact]
    public async Task A_pause_that_the_cluster_bears_is_none()
    {
        await Begin();
        _lab.Time.Freeze(TimeSpan.FromMilliseconds(50));
        _lab.ClientPort.Send(Request.Bytes());
        Assert.Equal(Answer, await _lab.NextNodeFrame());
    }

    [Fact]
    public async Task No_announcement_leaves_while_the_tongue_is_tied()
    {
        await Begin();
        _lab.Time.Freeze(TimeSpan.FromSeconds(10));
        await Ask();
        await _lab.Speaker.Apply(Wire.Then(_version++, [Wire.Assign("192.0.2.11")]) with { Node = Name });
        Assert.Empty(_lab.NodeFrames());
        _lab.Speaker.Confirm(_lab.Time.GetTimestamp());
        Assert.Equal(Address.Parse("192.0.2.11"), (await _lab.Speaker.Facts.Next<SpeakerFact.Announced>()).Address);
    }

    [Fact]
    public async Task Withdrawn_while_the_tongue_is_tied_it_never_speaks_of_the_address_again()
    {
        await Begin();
        _lab.Time.Freeze(TimeSpan.FromSeconds(10));
        await Ask();
        await _lab.Speaker.Apply(Wire.Then(_version++, [], "192.0.2.10") with { Node = Name });
        _lab.Speaker.Confirm(_lab.Time.GetTimestamp());
        await Pass(2000);
        Assert.Empty(_lab.NodeFrames());
    }

    [Fact]
    public async Task A_claim_heard_with_a_tied_tongue_is_given_way_to_until_the_hand_over_would_be_done()
    {
        await Begin();
        _lab.Time.Freeze(TimeSpan.FromSeconds(10));
        await Ask();
        await Hear(Claim);
        _lab.Speaker.Confirm(_lab.Time.GetTimestamp());
        await Pass(900);
        Assert.Empty(_lab.NodeFrames());
        await Pass(200);
        Assert.Equal(Question, _lab.NodeFrames()[0]);
        await _lab.Speaker.Facts.Next<SpeakerFact.Announced>(); // nobody answered, and the plan still has it
    }

    [Fact]
    public async Task Given_up_by_the_cluster_it_is_silent_until_a_new_session_confirms()
    {
        await Begin();
        _lab.Speaker.Doubt();
        await Ask();
        _lab.Time.Advance(TimeSpan.FromMilliseconds(30));
        _lab.Speaker.Confirm(_lab.Time.GetTimestamp());
        Assert.Equal(Answer, await _lab.NextNodeFrame());
    }

    [Fact]
    public async Task Without_a_word_the_segment_is_asked_and_its_silence_frees_the_tongue()
    {
        await Begin();
        _lab.Time.Freeze(TimeSpan.FromSeconds(10));
        await Ask();
        await Pass(240);
        Assert.Empty(_lab.NodeFrames());
        await Pass(20);
        Assert.Equal([Question], _lab.NodeFrames());
        await Pass(300);
        var frames = _lab.NodeFrames();
        Assert.Equal(Question, frames[0]);
        Assert.Contains(Answer, frames);
    }

    [Fact]
    public async Task Without_a_word_a_rival_on_the_segment_is_given_way_to()
    {
        await Begin();
        _lab.Time.Freeze(TimeSpan.FromSeconds(10));
        await Ask();
        await Pass(260);
        await Hear(ArpFrame.To(Node, new(ArpOperation.Reply, Rival, Vip, Node, Ipv4.Unspecified)).Bytes());
        _lab.NodeFrames();
        await Pass(1500);
        Assert.Empty(_lab.NodeFrames());
    }

    [Fact]
    public async Task One_that_no_grain_looks_after_asks_the_segment_at_once()
    {
        await Begin(supervised: false);
        _lab.Time.Freeze(TimeSpan.FromSeconds(10));
        await Ask();
        await Turn();
        Assert.Equal([Question], _lab.NodeFrames());
        await Pass(220);
        Assert.Contains(Answer, _lab.NodeFrames());
    }

    [Fact]
    public async Task Cut_off_from_the_cluster_it_goes_on_where_it_has_no_rival()
    {
        await Begin();
        await Pass(990);
        Assert.Empty(_lab.NodeFrames());
        await Pass(20);
        Assert.Equal([Question], _lab.NodeFrames());
        _lab.ClientPort.Send(Request.Bytes());
        Assert.Equal(Answer, await _lab.NextNodeFrame());
        await Pass(1200);
        Assert.Equal([Question, Question], _lab.NodeFrames().Take(2)); // it goes on asking
    }

    [Fact]
    public async Task Cut_off_from_the_cluster_it_gives_way_at_once_to_whoever_announces()
    {
        await Begin();
        await Pass(1010);
        _lab.NodeFrames();
        await Hear(Claim);
        await Pass(1000);
        Assert.Empty(_lab.NodeFrames());
    }

    [Fact]
    public async Task An_address_given_way_to_is_taken_up_again_when_the_rival_is_gone_and_the_cluster_still_cannot_be_asked()
    {
        await Begin();
        await Pass(1010);
        await Hear(Claim);
        _lab.NodeFrames();
        await Pass(3100);
        await _lab.Speaker.Facts.Next<SpeakerFact.Announced>();
        var frames = _lab.NodeFrames();
        Assert.Equal(Question, frames[0]);
        Assert.Contains(Announcement, frames);
    }

    [Fact]
    public async Task Back_in_the_cluster_it_asks_no_more()
    {
        await Begin();
        await Pass(1010);
        _lab.Speaker.Confirm(_lab.Time.GetTimestamp());
        await Turn();
        _lab.NodeFrames();
        await Pass(900);
        Assert.Empty(_lab.NodeFrames());
    }
}
