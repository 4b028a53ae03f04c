using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Core.Nodes;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Tests.Namespaces;

/// <summary>The speaker beside a real kernel: pings, addresses that the kernel bears, and what it is told of the kernel's own answers.</summary>
public abstract class KernelOnBridgeTests(ILinkOpener opener)
{
    private static readonly InterfaceSelector[] Eth0 = [new InterfaceSelector.Named("eth0")];

    private static PlanChange Both => Wire.Whole(1, Wire.Assign("192.0.2.100", 1, Eth0), Wire.Assign("fd77::100", 1, Eth0));

    private static PlanChange Borne => Wire.Whole(1,
        Wire.Assign("192.0.2.100", 1, Eth0) with { Style = new(AddressBearer.Interface) },
        Wire.Assign("fd77::100", 1, Eth0) with { Style = new(AddressBearer.Interface) });

    [Theory]
    [InlineData("ping -c 1 -W 5 192.0.2.100")]
    [InlineData("ping -c 1 -W 5 -s 1400 192.0.2.100")]
    [InlineData("ping -c 1 -W 5 fd77::100")]
    public async Task Announced_addresses_answer_pings(string ping)
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        await lab.Speak("node").Apply(Both);
        Assert.Contains(" 0% packet loss", lab.Run("client", ping), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_the_kernel_bears_is_answered_once_and_by_the_kernel()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        var speaker = lab.Speak("node");
        await speaker.Apply(Both);
        lab.Run("node", "ip addr add 192.0.2.100/32 dev eth0");
        while (!(await speaker.Facts.Next<SpeakerFact.LinksChanged>()).Links.Links.Any(link => link.Addresses.Contains(Address.Parse("192.0.2.100"))))
        {
            // an earlier change
        }
        await speaker.Apply(Wire.Then(1, [])); // a turn of the loop: it follows the change
        Assert.Contains(" 0% packet loss", lab.Run("client", "ping -c 2 -i 0.2 -W 5 192.0.2.100"), StringComparison.Ordinal);
        Assert.DoesNotContain("DUP!", lab.Run("client", "ping -c 2 -i 0.2 -W 5 192.0.2.100"), StringComparison.Ordinal);
        Assert.Contains("0% unanswered (0 extra)", lab.Run("client", "arping -c 2 -w 5 -I eth0 192.0.2.100"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_withdrawn_address_that_the_kernel_goes_on_answering_for_is_told()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        lab.Run("node", "ip addr add 192.0.2.100/32 dev lo");
        var speaker = lab.Speak("node");
        await speaker.Apply(Both);
        await speaker.Apply(Wire.Then(1, [], "192.0.2.100"));
        Assert.Contains("arp_ignore=1", (await speaker.Facts.Next<SpeakerFact.KernelAnswers>()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_arp_setting_of_an_interface_is_known()
    {
        await using var lab = new NamespaceLab(opener, "node");
        Assert.Equal(0, lab.Links("node").Read().Links.Single(link => link.Name == "eth0").ArpIgnore);
        lab.Run("node", "sysctl -qw net.ipv4.conf.all.arp_ignore=1");
        Assert.Equal(1, lab.Links("node").Read().Links.Single(link => link.Name == "eth0").ArpIgnore);
    }

    [Fact]
    public async Task An_address_is_put_on_the_interface_for_a_while_and_taken_off_again()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        var speaker = lab.Speak("node");
        await speaker.Apply(Borne);
        var shown = lab.Run("node", "ip addr show dev eth0");
        Assert.Contains("inet 192.0.2.100/32", shown, StringComparison.Ordinal);
        Assert.Matches(@"inet 192\.0\.2\.100/32[^\n]*\n +valid_lft [1-9]sec", shown);
        Assert.Contains("inet6 fd77::100/128", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("fd77::100", lab.Run("node", "ip -6 route show"), StringComparison.Ordinal);
        Assert.Contains(" 0% packet loss", lab.Run("client", "ping -c 1 -W 5 192.0.2.100"), StringComparison.Ordinal);
        Assert.Contains(" 0% packet loss", lab.Run("client", "ping -c 1 -W 5 fd77::100"), StringComparison.Ordinal);
        await speaker.Apply(Wire.Then(1, [], "192.0.2.100", "fd77::100"));
        await speaker.DisposeAsync();
        var facts = await speaker.Facts.ReadAllAsync(TestContext.Current.CancellationToken).ToListAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(facts, fact => fact is SpeakerFact.KernelAnswers or SpeakerFact.LinkFailed);
        Assert.DoesNotContain("::100", lab.Run("node", "ip addr show dev eth0").Replace("192.0.2.100", "::100", StringComparison.Ordinal),
            StringComparison.Ordinal);
    }
}
