using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;
using OrleansLb.Speaker.Fencing;

namespace OrleansLb.Speaker.Tests;

/// <summary>An address whose interface goes and comes back: meanwhile the cluster may have given it to another node.</summary>
public sealed class InterruptionTests : IAsyncDisposable
{
    private const string V4 = "192.0.2.10", V6 = "fd77::10";

    private readonly MemoryLab _lab =
        new(new() { Node = Wire.Node, Announcement = new() { Duration = TimeSpan.Zero }, HandOverGrace = TimeSpan.FromSeconds(1) });
    private long _version = 1;

    public static TheoryData<string, string> AddressesAndAbsences
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var address in new[] { V4, V6 })
            {
                foreach (var absence in new[] { "cable", "bridge", "removed" }) data.Add(address, absence);
            }
            return data;
        }
    }

    public ValueTask DisposeAsync() => _lab.DisposeAsync();

    private static TimeSpan Return => new FencingOptions().Return;

    private async Task Begin(string address, bool supervised = true)
    {
        await _lab.Speaker.Apply(Wire.Whole(_version, Wire.Assign(address)));
        if (supervised) _lab.Speaker.Confirm(_lab.Time.GetTimestamp());
        await _lab.Announced();
    }

    private Task<PlanOutcome> Then(Assignment[] announce, params string[] withdraw) => _lab.Speaker.Apply(Wire.Then(_version++, announce, withdraw));

    /// <summary>The address loses its interface; the returned action gives it one again.</summary>
    private Action Lose(string absence)
    {
        switch (absence)
        {
            case "cable":
                _lab.Links.SetCarrier("eth0", false);
                return () => _lab.Links.SetCarrier("eth0", true);
            case "bridge":
                _lab.Links.Set("eth0", _lab.NodePort, []);
                return () => _lab.Links.Set("br0", _lab.NodePort, [Prefix.Parse("192.0.2.0/24"), Prefix.Parse("fd77::/64")]);
            default:
                _lab.Links.Remove("eth0");
                return () => _lab.Links.Set("eth0", _lab.NodePort, [Prefix.Parse("192.0.2.0/24"), Prefix.Parse("fd77::/64")]);
        }
    }

    private async Task Interrupt(string absence, TimeSpan duration = default)
    {
        var back = Lose(absence);
        await _lab.Speaker.Facts.Next<SpeakerFact.NoInterface>();
        _lab.Time.Advance(duration);
        _lab.Speaker.Confirm(_lab.Time.GetTimestamp(), _version);
        await Then([]);
        back();
    }

    private static byte[] Announcement(string address, int mac = 1) => address == V4
        ? ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(Wire.Mac(mac), Protocols.Ipv4.Parse(V4))).Bytes()
        : NdpFrame.Announcement(Wire.Mac(mac), Protocols.Ipv6.Parse(V6)).Bytes();

    private static byte[] Question(string address) => address == V4
        ? ArpFrame.To(MacAddress.Broadcast, ArpPacket.Probe(Wire.Mac(1), Protocols.Ipv4.Parse(V4))).Bytes()
        : NdpFrame.Probe(Wire.Mac(1), Protocols.Ipv6.Parse(V6)).Bytes();

    [Theory, MemberData(nameof(AddressesAndAbsences))]
    public async Task It_is_announced_again_only_when_the_cluster_says_so_by_a_new_epoch(string address, string absence)
    {
        await Begin(address);
        await Interrupt(absence);
        Assert.Equal(new(Address.Parse(address), 1), await _lab.Speaker.Facts.Next<SpeakerFact.Interrupted>());
        _lab.Speaker.Confirm(_lab.Time.GetTimestamp(), _version);
        await Then([]);
        Assert.Empty(_lab.NodeFrames());
        await Then([Wire.Assign(address, epoch: 2)]);
        Assert.Equal(2, (await _lab.Speaker.Facts.Next<SpeakerFact.Announced>()).Epoch);
        Assert.Equal(Announcement(address), _lab.NodeFrames()[0]);
    }

    [Theory, InlineData(V4), InlineData(V6)]
    public async Task What_the_nodes_own_grain_says_of_it_counts_once_the_cluster_was_asked_after_the_return(string address)
    {
        await Begin(address);
        var back = Lose("cable");
        await _lab.Speaker.Facts.Next<SpeakerFact.NoInterface>();
        var cutOff = _lab.Time.GetTimestamp();
        _lab.Time.Advance(TimeSpan.FromMilliseconds(50));
        back();
        await _lab.Speaker.Facts.Next<SpeakerFact.Interrupted>();
        _lab.Speaker.Confirm(cutOff, _version);
        await Then([Wire.Assign(address, epoch: 2)]);
        Assert.Empty(_lab.NodeFrames());
        _lab.Speaker.Confirm(_lab.Time.GetTimestamp(), _version);
        Assert.Equal(2, (await _lab.Speaker.Facts.Next<SpeakerFact.Announced>()).Epoch);
        Assert.Equal(Announcement(address), _lab.NodeFrames()[0]);
    }

    [Theory, MemberData(nameof(AddressesAndAbsences))]
    public async Task When_it_is_withdrawn_after_the_return_not_one_frame_has_left(string address, string absence)
    {
        await Begin(address);
        await Interrupt(absence, TimeSpan.FromHours(1));
        await _lab.Speaker.Facts.Next<SpeakerFact.Interrupted>();
        await Then([], address);
        for (var passed = 0; passed < 30; passed++)
        {
            _lab.Speaker.Confirm(_lab.Time.GetTimestamp(), _version);
            _lab.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Then([]);
        }
        Assert.Empty(_lab.NodeFrames());
    }

    [Theory, InlineData(V4), InlineData(V6)]
    public async Task The_cluster_is_asked_again_until_it_answers(string address)
    {
        await Begin(address);
        await Interrupt("cable");
        for (var round = 0; round < 3; round++)
        {
            await _lab.Speaker.Facts.Next<SpeakerFact.Interrupted>();
            _lab.Time.Advance(TimeSpan.FromMilliseconds(900));
            _lab.Speaker.Confirm(_lab.Time.GetTimestamp(), _version);
            await Then([]);
            _lab.Time.Advance(TimeSpan.FromMilliseconds(100));
            await Then([]);
        }
        Assert.Empty(_lab.NodeFrames());
    }

    [Theory, InlineData(V4), InlineData(V6)]
    public async Task Without_a_cluster_the_segment_is_asked_first_and_its_silence_gives_the_address_back(string address)
    {
        await Begin(address);
        await Interrupt("cable");
        await _lab.Speaker.Facts.Next<SpeakerFact.Interrupted>();
        await Pass(Return - TimeSpan.FromMilliseconds(10));
        Assert.Empty(_lab.NodeFrames()); // the word of what others took over may be on its way by the same cable
        await Pass(TimeSpan.FromSeconds(1));
        await _lab.Speaker.Facts.Next<SpeakerFact.Announced>();
        var frames = _lab.NodeFrames();
        Assert.Equal(Question(address), frames[0]);
        Assert.Contains(frames, frame => frame.AsSpan().SequenceEqual(Announcement(address)));
    }

    [Theory, InlineData(V4), InlineData(V6)]
    public async Task Without_a_cluster_a_rival_on_the_segment_is_given_way_to(string address)
    {
        using var refusals = new RefusalWatch(Wire.Node);
        await Begin(address);
        await Interrupt("cable");
        await _lab.Speaker.Facts.Next<SpeakerFact.Interrupted>();
        await Pass(Return + TimeSpan.FromMilliseconds(10));
        Assert.Equal(Question(address), _lab.NodeFrames()[0]);
        _lab.ClientPort.Send(Announcement(address, mac: 2));
        await refusals.Next("Conflict");
        await Then([]);
        await Pass(TimeSpan.FromSeconds(1));
        Assert.DoesNotContain(_lab.NodeFrames(), frame => frame.AsSpan().SequenceEqual(Announcement(address)));
    }

    [Theory, InlineData(V4), InlineData(V6)]
    public async Task A_speaker_that_no_grain_looks_after_knows_no_others_and_announces_at_once(string address)
    {
        await Begin(address, supervised: false);
        Lose("cable")();
        await _lab.Speaker.Facts.Next<SpeakerFact.Announced>();
        Assert.Equal(Announcement(address), _lab.NodeFrames()[0]);
    }

    [Theory, InlineData(V4), InlineData(V6)]
    public async Task A_new_hardware_address_is_told_at_once_for_nobody_could_have_taken_over(string address)
    {
        await Begin(address);
        using var renamed = _lab.Segment.Plug(Wire.Mac(9));
        var capture = _lab.Segment.Capture();
        _lab.Links.Set("eth0", renamed, [Prefix.Parse("192.0.2.0/24"), Prefix.Parse("fd77::/64")]);
        await _lab.Speaker.Facts.Next<SpeakerFact.Announced>();
        Assert.True(capture.TryRead(out var told));
        Assert.Equal(Announcement(address, mac: 9), told.Bytes.ToArray());
    }

    [Fact]
    public async Task A_word_about_a_plan_that_has_not_come_lifts_no_fence_before_it_has()
    {
        await Begin(V4);
        _lab.Speaker.Doubt();
        _lab.Time.Advance(TimeSpan.FromMilliseconds(10));
        _lab.Speaker.Confirm(_lab.Time.GetTimestamp(), _version + 1); // the plan that takes one address and gives another
        await _lab.Speaker.Apply(Wire.Then(_version + 7, [])); // a turn of the loop
        await Pass(TimeSpan.FromMilliseconds(50), turn: false);
        Assert.Empty(_lab.NodeFrames());
        await Then([Wire.Assign("192.0.2.11")], V4);
        Assert.Equal(Address.Parse("192.0.2.11"), (await _lab.Speaker.Facts.Next<SpeakerFact.Announced>()).Address);
        Assert.DoesNotContain(_lab.NodeFrames(), frame => frame.AsSpan().SequenceEqual(Announcement(V4)));
    }

    private async Task Pass(TimeSpan time, bool turn = true)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(10))
        {
            _lab.Time.Advance(TimeSpan.FromMilliseconds(10));
            if (turn) await Then([]);
        }
    }
}
