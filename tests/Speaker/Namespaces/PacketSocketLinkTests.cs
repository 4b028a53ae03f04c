using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Core.Announcements;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Links.Linux;

namespace OrleansLb.Speaker.Tests.Namespaces;

/// <summary>The packet socket on a veth pair of a real bridge.</summary>
public class PacketSocketLinkTests
{
    private static readonly Ipv4 Target = Ipv4.Parse("192.0.2.100");

    private static byte[] Request(MacAddress destination, MacAddress sender, byte host) =>
        ArpFrame.To(destination, new(ArpOperation.Request, sender, Ipv4.Parse($"192.0.2.{host}"), MacAddress.None, Target)).Bytes();

    private static byte[] Tagged(byte[] frame) => [.. frame[..12], 0x81, 0x00, 0x00, 0x05, .. frame[12..]];

    private static Ipv4 NextAsker(ILink link)
    {
        var frame = new byte[2048];
        Assert.True(ArpFrame.TryRead(frame.AsSpan(0, link.Receive(frame)), out var heard));
        return heard.Packet.SenderIp;
    }

    [Fact]
    public async Task Frames_for_others_of_a_vlan_or_sent_by_ourselves_stay_in_the_kernel()
    {
        await using var lab = new NamespaceLab("node", "client");
        lab.Run("node", "ip link set eth0 promisc on");
        using var node = lab.Links("node").Open("eth0", LinkTraffic.Arp);
        using var client = lab.Links("client").Open("eth0", LinkTraffic.Arp);
        Assert.True(node.Send(Request(MacAddress.Broadcast, node.Mac, 11)));
        Assert.True(client.Send(Tagged(Request(MacAddress.Broadcast, client.Mac, 12))));
        Assert.True(client.Send(Request(Wire.Mac(0x55), client.Mac, 13)));
        Assert.True(client.Send(Request(node.Mac, client.Mac, 14)));
        Assert.True(client.Send(Request(MacAddress.Broadcast, client.Mac, 15)));
        Assert.Equal(Ipv4.Parse("192.0.2.14"), NextAsker(node));
        Assert.Equal(Ipv4.Parse("192.0.2.15"), NextAsker(node));
    }

    [Fact]
    public async Task Disposing_the_link_ends_a_read_that_waits()
    {
        await using var lab = new NamespaceLab("node");
        var link = lab.Links("node").Open("eth0", LinkTraffic.Ndp);
        var reading = Task.Factory.StartNew(() => ReadToEnd(link), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        link.Dispose();
        Assert.Equal(0, await reading.WaitAsync(Wire.Patience, TestContext.Current.CancellationToken));
        Assert.False(link.Send(new byte[60]));
    }

    private static int ReadToEnd(ILink link)
    {
        var frame = new byte[2048];
        int length;
        do length = link.Receive(frame);
        while (length > 0);
        return length;
    }

    [Fact]
    public async Task A_link_goes_on_after_its_interface_was_down()
    {
        await using var lab = new NamespaceLab("node", "client");
        using var node = lab.Links("node").Open("eth0", LinkTraffic.Arp);
        lab.Run("node", "ip link set eth0 down");
        Assert.False(node.Send(Request(MacAddress.Broadcast, node.Mac, 1)));
        lab.Run("node", "ip link set eth0 up");
        await lab.Await("client", links => links.Links.Single(link => link.Name == "eth0").Usable);
        using var client = lab.Links("client").Open("eth0", LinkTraffic.Arp);
        Assert.True(client.Send(Request(node.Mac, client.Mac, 22)));
        Assert.Equal(Ipv4.Parse("192.0.2.22"), NextAsker(node));
    }

    [Fact]
    public async Task Without_the_right_to_raw_sockets_it_is_said_how_to_get_it()
    {
        await using var lab = new NamespaceLab("node");
        var links = new KernelLinks(new WithoutCapability(lab.Scope("node"), WithoutCapability.NetRaw), TimeProvider.System);
        await using var speaker = new L2Speaker(new() { Node = Wire.Node }, links, TimeProvider.System, NullLogger<L2Speaker>.Instance);
        await speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.100")));
        var failed = await speaker.Facts.Next<SpeakerFact.LinkFailed>();
        Assert.Equal("eth0", failed.Interface);
        Assert.Contains("CAP_NET_RAW", failed.Message, StringComparison.Ordinal);
        Assert.Contains("setcap cap_net_raw+ep", failed.Message, StringComparison.Ordinal);
    }
}
