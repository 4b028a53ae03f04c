using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Tests.Namespaces;

/// <summary>The speaker on a real bridge, judged by the kernel of its neighbours and by the tools that operators use.</summary>
public abstract class SpeakerOnBridgeTests(ILinkOpener opener)
{
    private static readonly InterfaceSelector[] Eth0 = [new InterfaceSelector.Named("eth0")];

    private static PlanChange Both => Wire.Whole(1, Wire.Assign("192.0.2.100", 1, Eth0), Wire.Assign("fd77::100", 1, Eth0));

    [Fact]
    public async Task Arping_finds_the_address_at_the_node()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        await lab.Speak("node").Apply(Both);
        Assert.Contains("from 02:00:00:00:00:01 (192.0.2.100)", lab.Arping("client", "192.0.2.100"), StringComparison.Ordinal);
        Assert.Contains("from 02:00:00:00:00:01 (192.0.2.100)", lab.Arping("client", "192.0.2.100", "-0 "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ndisc6_finds_the_address_at_the_node()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        await lab.Speak("node").Apply(Both);
        Assert.Contains("02:00:00:00:00:01", lab.Run("client", "ndisc6 -1 fd77::100 eth0"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Duplicate_address_detection_of_a_neighbour_fails()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        await lab.Speak("node").Apply(Both);
        lab.Run("client", "ip addr add fd77::100/64 dev eth0");
        await Bgp.Daemon.Eventually(() => lab.Run("client", "ip -6 addr show dev eth0 tentative"), answer =>
            answer.Contains("fd77::100", StringComparison.Ordinal) && answer.Contains("dadfailed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_solicited_node_group_is_joined_once_for_all_addresses_that_share_it()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        var speaker = lab.Speak("node");
        await speaker.Apply(Wire.Whole(1, Wire.Assign("fd77::1:0:100", 1, Eth0), Wire.Assign("fd77::2:0:100", 1, Eth0)));
        Assert.Contains("ff02::1:ff00:100", lab.Run("node", "ip -6 maddr show dev eth0"), StringComparison.Ordinal);
        await speaker.Apply(Wire.Then(1, [], "fd77::1:0:100"));
        Assert.Contains("ff02::1:ff00:100", lab.Run("node", "ip -6 maddr show dev eth0"), StringComparison.Ordinal);
        await speaker.Apply(Wire.Then(2, [], "fd77::2:0:100"));
        Assert.DoesNotContain("ff02::1:ff00:100", lab.Run("node", "ip -6 maddr show dev eth0"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_takeover_the_neighbour_table_of_a_client_follows()
    {
        await using var lab = new NamespaceLab(opener, "node", "other", "client");
        var first = lab.Speak("node");
        await first.Apply(Both);
        lab.Arping("client", "192.0.2.100");
        lab.Run("client", "ip neigh replace 192.0.2.100 lladdr 02:00:00:00:00:01 dev eth0 nud stale");
        using var monitor = await lab.MonitorNeighbours("client");
        await first.Kill();
        await lab.Speak("other").Apply(Both);
        await monitor.Line("192.0.2.100 dev eth0 lladdr 02:00:00:00:00:02");
    }

    [Fact]
    public async Task A_killed_speaker_answers_nobody()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        var speaker = lab.Speak("node");
        await speaker.Apply(Both);
        await speaker.Kill();
        Assert.Equal(1, lab.Try("client", "arping -c 1 -w 1 -I eth0 192.0.2.100").Code);
    }

    [Fact]
    public async Task Tshark_finds_nothing_malformed_in_what_it_says()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        using var capture = await FrameCapture.Start(lab, "client");
        await lab.Speak("node").Apply(Both);
        lab.Arping("client", "192.0.2.100");
        lab.Run("client", "ndisc6 -1 fd77::100 eth0");
        await capture.ExpectNothingWrong("eth.src==02:00:00:00:00:01", frames: 4);
    }

    [Fact]
    public async Task A_link_that_loses_its_carrier_and_gets_it_back_is_followed()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        var speaker = lab.Speak("node");
        await speaker.Apply(Both);
        Shell.Run($"ip -n {lab.Name("segment")} link set node down");
        await speaker.Facts.Next<SpeakerFact.NoInterface>();
        Shell.Run($"ip -n {lab.Name("segment")} link set node up");
        await speaker.Facts.Next<SpeakerFact.Announced>();
        lab.Arping("client", "192.0.2.100");
    }

    [Fact]
    public async Task An_interface_that_gets_a_new_hardware_address_answers_with_it()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        var speaker = lab.Speak("node");
        await speaker.Apply(Both);
        await speaker.Facts.Next<SpeakerFact.Announced>();
        await speaker.Facts.Next<SpeakerFact.Announced>();
        lab.Run("node", "ip link set eth0 address 02:00:00:00:00:99");
        await speaker.Facts.Next<SpeakerFact.Announced>();
        Assert.Contains("from 02:00:00:00:00:99", lab.Arping("client", "192.0.2.100"), StringComparison.Ordinal);
    }
}
