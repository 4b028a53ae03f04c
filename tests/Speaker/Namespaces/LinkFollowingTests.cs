using OrleansLb.Core;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Tests.Namespaces;

/// <summary>The speaker follows its node's interfaces as the kernel tells of them: each change is waited for, none is polled.</summary>
public abstract class LinkFollowingTests(ILinkOpener opener)
{
    private const string Held = "192.0.2.100";

    private static PlanChange Plan(params InterfaceSelector[] interfaces) => Wire.Whole(1, Wire.Assign(Held, 1, interfaces));

    [Fact]
    public async Task An_interface_that_comes_up_later_is_used_from_then_on()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        lab.Run("node", "ip link set eth0 down");
        var speaker = lab.Speak("node");
        await speaker.Apply(Plan());
        var missing = await speaker.Facts.Next<SpeakerFact.NoInterface>();
        Assert.Contains("eth0 (not usable", missing.Message, StringComparison.Ordinal);

        lab.Run("node", "ip link set eth0 up");

        Assert.Equal(["eth0"], (await speaker.Facts.Next<SpeakerFact.Announced>()).Interfaces);
        ExpectAnswer(lab, "02:00:00:00:00:01");
    }

    [Fact]
    public async Task An_interface_that_is_made_later_is_used_from_then_on()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        lab.Run("node", "ip addr flush dev eth0");
        var speaker = lab.Speak("node");
        await speaker.Apply(Plan());
        await speaker.Facts.Next<SpeakerFact.NoInterface>();

        lab.AddVeth("node", "eth1", "late");
        lab.Run("node", "ip link set eth1 address 02:00:00:00:00:55");
        lab.Run("node", "ip addr add 192.0.2.1/24 dev eth1");
        lab.Run("node", "ip link set eth1 up");

        Assert.Equal(["eth1"], (await speaker.Facts.Next<SpeakerFact.Announced>()).Interfaces);
        ExpectAnswer(lab, "02:00:00:00:00:55");
    }

    [Fact]
    public async Task An_address_follows_its_subnet_into_a_bridge_and_out_again()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        var speaker = lab.Speak("node");
        await speaker.Apply(Plan());
        await Announced(speaker, "eth0");

        lab.Run("node", "ip link add br1 address 02:00:00:00:00:66 type bridge");
        lab.Run("node", "ip link set eth0 master br1");
        lab.Run("node", "ip addr del 192.0.2.1/24 dev eth0");
        lab.Run("node", "ip addr add 192.0.2.1/24 dev br1");
        lab.Run("node", "ip link set br1 up");
        await Announced(speaker, "br1");
        ExpectAnswer(lab, "02:00:00:00:00:66");

        lab.Run("node", "ip link del br1");
        lab.Run("node", "ip addr add 192.0.2.1/24 dev eth0");
        await Announced(speaker, "eth0");
        ExpectAnswer(lab, "02:00:00:00:00:01");
    }

    [Fact]
    public async Task An_address_on_two_interfaces_stays_on_the_one_that_keeps_its_carrier()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        lab.AddVeth("node", "eth1", "second");
        lab.Run("node", "ip link set eth1 address 02:00:00:00:00:55");
        lab.Run("node", "ip link set eth1 up");
        var speaker = lab.Speak("node");
        await speaker.Apply(Plan(new InterfaceSelector.Pattern("eth[01]")));
        await Announced(speaker, "eth0", "eth1");

        Shell.Run($"ip -n {lab.Name("segment")} link set node down");

        await Announced(speaker, "eth1");
        ExpectAnswer(lab, "02:00:00:00:00:55");
    }

    [Fact]
    public async Task A_new_hardware_address_is_told_to_neighbours_that_know_the_old_one()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        var speaker = lab.Speak("node");
        await speaker.Apply(Plan());
        await Announced(speaker, "eth0");
        lab.Run("client", $"ip neigh replace {Held} lladdr 02:00:00:00:00:01 dev eth0 nud stale");
        using var monitor = await lab.MonitorNeighbours("client");

        lab.Run("node", "ip link set eth0 address 02:00:00:00:00:77");

        await monitor.Line($"{Held} dev eth0 lladdr 02:00:00:00:00:77");
    }

    /// <summary>Changes in between may be announced too.</summary>
    private static async Task Announced(L2Speaker speaker, params string[] interfaces)
    {
        while ((await speaker.Facts.Next<SpeakerFact.Announced>()).Interfaces != interfaces.ToEquatableList())
        {
            // not yet there
        }
    }

    private static void ExpectAnswer(NamespaceLab lab, string mac) =>
        Assert.Contains($"from {mac}", lab.Arping("client", Held), StringComparison.Ordinal);
}
