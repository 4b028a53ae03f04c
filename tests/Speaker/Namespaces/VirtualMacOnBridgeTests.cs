using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Ethernet;

namespace OrleansLb.Speaker.Tests.Namespaces;

/// <summary>Addresses with a hardware address of their own on a real bridge, judged by kernels and by the tools that operators use.</summary>
public class VirtualMacOnBridgeTests
{
    private const string Held = "192.0.2.100", Held6 = "fd77::100";
    private static readonly string Virtual = VirtualMac.Of(Ipv4.Parse(Held)).ToString(), Virtual6 = VirtualMac.Of(Ipv6.Parse(Held6)).ToString();

    private static Assignment Assign(string address, string device = "eth0") =>
        Wire.Assign(address, 1, [new InterfaceSelector.Named(device)]) with { Style = new(VirtualMac: true) };

    private static PlanChange Both => Wire.Whole(1, Assign(Held), Assign(Held6));

    /// <summary>Stands in for kube-proxy: what comes for the address is taken by a kernel that does not speak ARP for it.</summary>
    private static void TakePackets(NamespaceLab lab, string host)
    {
        lab.Run(host, "sysctl -qw net.ipv4.conf.all.arp_ignore=1 net.ipv4.conf.all.arp_announce=2");
        lab.Run(host, $"ip addr add {Held}/32 dev lo");
        lab.Run(host, $"ip addr add {Held6}/128 dev lo");
    }

    [Fact]
    public async Task Neighbours_find_it()
    {
        await using var lab = new NamespaceLab("node", "client");
        await lab.Speak("node").Apply(Both);
        Assert.Contains($"from {Virtual} ({Held})", lab.Arping("client", Held), StringComparison.Ordinal);
        Assert.Contains(Virtual6, lab.Run("client", $"ndisc6 -1 {Held6} eth0"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task The_kernel_takes_packets_that_are_sent_to_it_until_the_speaker_is_gone()
    {
        await using var lab = new NamespaceLab("node", "client");
        TakePackets(lab, "node");
        var speaker = lab.Speak("node", new() { Node = Wire.Node, AnswerPings = false });
        await speaker.Apply(Both);
        foreach (var (address, mac) in new[] { (Held, Virtual), (Held6, Virtual6) })
            lab.Run("client", $"ip neigh replace {address} lladdr {mac} dev eth0 nud permanent");
        Assert.Contains(" 0% packet loss", lab.Run("client", $"ping -c 1 -W 5 {Held}"), StringComparison.Ordinal);
        Assert.Contains(" 0% packet loss", lab.Run("client", $"ping -c 1 -W 5 {Held6}"), StringComparison.Ordinal);

        await speaker.Kill();

        // A process that another test is just starting has all open sockets until it runs its program.
        Assert.Contains(Enumerable.Range(0, 20), _ => lab.Try("client", $"ping -c 1 -W 1 {Held}").Output.Contains("100% packet loss", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData($"ping -c 2 -i 0.2 -W 5 {Held}")]
    [InlineData($"ping -c 2 -i 0.2 -W 5 {Held6}")]
    public async Task Pings_are_answered_by_the_speaker(string ping)
    {
        await using var lab = new NamespaceLab("node", "client");
        await lab.Speak("node").Apply(Both);
        var said = lab.Run("client", ping);
        Assert.Contains(" 0% packet loss", said, StringComparison.Ordinal);
        Assert.DoesNotContain("DUP!", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_takeover_moves_the_switch_and_changes_no_neighbour()
    {
        await using var lab = new NamespaceLab("node", "other", "client");
        TakePackets(lab, "node");
        TakePackets(lab, "other");
        var first = lab.Speak("node");
        await first.Apply(Both);
        Assert.Contains(" 0% packet loss", lab.Run("client", $"ping -c 1 -W 5 {Held}"), StringComparison.Ordinal);
        using var monitor = await lab.MonitorNeighbours("client");

        await first.Kill();
        await lab.Speak("other").Apply(Both);

        Assert.Contains($"{Virtual} dev other ", Shell.Run($"ip netns exec {lab.Name("segment")} bridge fdb show br br0"), StringComparison.Ordinal);
        Assert.Contains(" 0% packet loss", lab.Run("client", $"ping -c 1 -W 5 {Held}"), StringComparison.Ordinal); // by the entry of before
        lab.Run("client", "ip neigh replace 192.0.2.77 lladdr 02:00:00:00:00:77 dev eth0 nud stale"); // the last that the monitor tells
        Assert.All((await monitor.LinesTo("192.0.2.77")).Where(line => line.StartsWith(Held, StringComparison.Ordinal)),
            line => Assert.Contains(Virtual, line, StringComparison.Ordinal));
        Assert.Contains(Virtual, lab.Run("client", $"ip neigh show {Held}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_right_to_change_the_network_the_address_of_the_interface_is_told_and_why()
    {
        await using var lab = new NamespaceLab("node", "client");
        var speaker = lab.Speak(new WithoutCapability(lab.Scope("node"), WithoutCapability.NetAdmin));
        await speaker.Apply(Both);
        var refused = await speaker.Facts.Next<SpeakerFact.VirtualMacRefused>();
        Assert.Contains("CAP_NET_ADMIN", refused.Message, StringComparison.Ordinal);
        Assert.Contains($"from {lab.Mac("node")} ({Held})", lab.Arping("client", Held), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interface_whose_parent_knows_one_address_for_it_is_named()
    {
        await using var lab = new NamespaceLab("node", "client");
        lab.Run("node", "ip link add link eth0 name mac0 address 02:00:00:00:00:55 type macvlan mode bridge");
        lab.Run("node", "ip link set mac0 up");
        await lab.Await("node", links => links.Links.Any(link => link.Name == "mac0" && link.Usable));
        var speaker = lab.Speak("node");
        await speaker.Apply(Wire.Whole(1, Assign(Held, "mac0")));
        Assert.Contains("macvlan", (await speaker.Facts.Next<SpeakerFact.VirtualMacRefused>()).Message, StringComparison.Ordinal);
        Assert.Contains($"from 02:00:00:00:00:55 ({Held})", lab.Arping("client", Held), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tshark_finds_nothing_wrong_in_its_frames()
    {
        await using var lab = new NamespaceLab("node", "client");
        using var capture = await FrameCapture.Start(lab, "client");
        await lab.Speak("node").Apply(Both);
        lab.Arping("client", Held);
        lab.Run("client", $"ndisc6 -1 {Held6} eth0");
        await capture.ExpectNothingWrong($"eth.src=={Virtual}||eth.src=={Virtual6}", frames: 4);
    }
}
