using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Core.Announcements;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Speaker.Tests.Namespaces;

/// <summary>What every way to open an interface must do, on a veth pair of a real bridge.</summary>
public abstract class LinkTests(ILinkOpener opener)
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
        await using var lab = new NamespaceLab(opener, "node", "client");
        lab.Run("node", "ip link set eth0 promisc on");
        using var node = lab.Tested("node").Open("eth0", LinkTraffic.Arp);
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
        await using var lab = new NamespaceLab(opener, "node");
        var link = lab.Tested("node").Open("eth0", LinkTraffic.Ndp);
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
    public async Task A_burst_of_a_thousand_frames_is_kept_for_a_reader_that_is_late()
    {
        const int Burst = 1000;
        await using var lab = new NamespaceLab(opener, "node", "client");
        using var node = lab.Tested("node").Open("eth0", LinkTraffic.Arp);
        using var client = lab.Links("client").Open("eth0", LinkTraffic.Arp);
        for (var number = 0; number < Burst; number++) Assert.True(client.Send(Request(node.Mac, client.Mac, (byte)(number % 250))));
        var reading = Task.Factory.StartNew(
            () => Enumerable.Range(0, Burst).Select(_ => NextAsker(node)).ToList(), CancellationToken.None, TaskCreationOptions.LongRunning,
            TaskScheduler.Default);
        var heard = await reading.WaitAsync(Wire.Patience, TestContext.Current.CancellationToken);
        Assert.Equal(Enumerable.Repeat(Burst / 250, 250), heard.CountBy(asker => asker).Select(asker => asker.Value));
    }

    [Fact]
    public async Task A_link_goes_on_after_its_interface_was_down()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        using var node = lab.Tested("node").Open("eth0", LinkTraffic.Arp);
        lab.Run("node", "ip link set eth0 down");
        Assert.False(node.Send(Request(MacAddress.Broadcast, node.Mac, 1)));
        lab.Run("node", "ip link set eth0 up");
        await lab.Await("client", links => links.Links.Single(link => link.Name == "eth0").Usable);
        lab.AwaitForwarding();
        using var client = lab.Links("client").Open("eth0", LinkTraffic.Arp);
        Assert.True(client.Send(Request(node.Mac, client.Mac, 22)));
        Assert.Equal(Ipv4.Parse("192.0.2.22"), NextAsker(node));
    }

    [Fact]
    public async Task Without_the_right_to_raw_sockets_it_is_said_how_to_get_it()
    {
        await using var lab = new NamespaceLab(opener, "node");
        var links = lab.Tested(new WithoutCapability(lab.Scope("node"), WithoutCapability.NetRaw));
        await using var speaker = new L2Speaker(new() { Node = Wire.Node }, links, TimeProvider.System, NullLogger<L2Speaker>.Instance);
        await speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.100")));
        var failed = await speaker.Facts.Next<SpeakerFact.LinkFailed>();
        Assert.Equal("eth0", failed.Interface);
        Assert.Contains("CAP_NET_RAW", failed.Message, StringComparison.Ordinal);
        Assert.Contains("setcap cap_net_raw+ep", failed.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(LinkTraffic.Arp)]
    [InlineData(LinkTraffic.Ndp)]
    [InlineData(LinkTraffic.Echo)]
    [InlineData(LinkTraffic.Echo6)]
    public async Task Each_kind_of_frames_is_handed_over_and_nothing_else(LinkTraffic traffic)
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        using var node = lab.Tested("node").Open("eth0", traffic);
        using var client = lab.Links("client").Open("eth0", traffic);
        var frames = Enum.GetValues<LinkTraffic>().Select(kind => (Kind: kind, Frame: Sample(kind, client.Mac, node.Mac))).ToList();
        foreach (var (_, frame) in frames) Assert.True(client.Send(frame));
        var wanted = frames.Single(sample => sample.Kind == traffic).Frame;
        Assert.True(client.Send(wanted)); // comes next only if none of the others does
        foreach (var _ in Enumerable.Range(0, 2))
            Assert.Equal(Convert.ToHexString(wanted), Next(node, frames.Select(sample => Convert.ToHexString(sample.Frame)).ToHashSet()));
    }

    [Fact]
    public async Task A_frame_that_is_too_long_for_the_interface_is_not_taken()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        using var node = lab.Tested("node").Open("eth0", LinkTraffic.Arp);
        using var client = lab.Links("client").Open("eth0", LinkTraffic.Arp);
        Assert.False(node.Send([.. Request(MacAddress.Broadcast, node.Mac, 31), .. new byte[2000]]));
        Assert.True(node.Send([.. Request(MacAddress.Broadcast, node.Mac, 32), .. new byte[1500 - ArpPacket.Length]]));
        Assert.Equal(Ipv4.Parse("192.0.2.32"), NextAsker(client));
    }

    [Fact]
    public async Task A_link_whose_interface_is_gone_takes_no_frame_and_ends_when_it_is_told_to()
    {
        await using var lab = new NamespaceLab(opener, "node");
        var link = lab.Tested("node").Open("eth0", LinkTraffic.Arp);
        var reading = Task.Factory.StartNew(() => ReadToEnd(link), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        lab.Run("node", "ip link del eth0");
        Assert.False(link.Send(Request(MacAddress.Broadcast, link.Mac, 1)));
        Assert.False(reading.IsCompleted);
        link.Dispose();
        link.Dispose();
        Assert.Equal(0, await reading.WaitAsync(Wire.Patience, TestContext.Current.CancellationToken));
        Assert.True(link.Dropped >= 0);
    }

    [Fact]
    public async Task An_interface_that_is_gone_and_comes_back_is_opened_anew()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        var speaker = lab.Speak("node");
        await speaker.Apply(Wire.Whole(1, Wire.Assign("192.0.2.100")));
        await speaker.Facts.Next<SpeakerFact.Announced>();
        lab.Run("node", "ip link del eth0");
        await speaker.Facts.Next<SpeakerFact.NoInterface>();
        lab.AddVeth("node", "eth0", "back");
        lab.Run("node", "ip link set eth0 address 02:00:00:00:00:01");
        lab.Run("node", "ip addr add 192.0.2.1/24 dev eth0");
        lab.Run("node", "ip link set eth0 up");
        await speaker.Facts.Next<SpeakerFact.Announced>();
        Assert.Contains("from 02:00:00:00:00:01", lab.Arping("client", "192.0.2.100"), StringComparison.Ordinal);
    }

    /// <summary>A library that is called on what is closed already would end this process.</summary>
    [Fact]
    public async Task Links_may_be_closed_while_others_send_and_read()
    {
        await using var lab = new NamespaceLab(opener, "node", "client");
        for (var round = 0; round < 20; round++)
        {
            var link = lab.Tested("node").Open("eth0", LinkTraffic.Arp);
            var frame = Request(MacAddress.Broadcast, link.Mac, 1);
            var reading = Task.Factory.StartNew(() => ReadToEnd(link), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            var sending = Enumerable.Range(0, 3).Select(_ => Task.Run(() => SendUntilClosed(link, frame))).ToList();
            Assert.True(link.Send(frame));
            link.Dispose();
            await Task.WhenAll(sending).WaitAsync(Wire.Patience, TestContext.Current.CancellationToken);
            await reading.WaitAsync(Wire.Patience, TestContext.Current.CancellationToken);
        }
    }

    private static void SendUntilClosed(ILink link, byte[] frame)
    {
        while (link.Send(frame))
        {
            // until it takes none any more
        }
    }

    /// <summary>The next of these frames: the hosts' kernels say things of their own.</summary>
    private static string Next(ILink link, HashSet<string> known)
    {
        var buffer = new byte[2048];
        while (true)
        {
            var frame = Convert.ToHexString(buffer.AsSpan(0, link.Receive(buffer)));
            if (known.Contains(frame)) return frame;
        }
    }

    private static byte[] Sample(LinkTraffic kind, MacAddress from, MacAddress to) => kind switch
    {
        LinkTraffic.Arp => Request(to, from, 2),
        LinkTraffic.Ndp => RawClient.NdpQuestion(from, "fd77::2", "fd77::100"),
        LinkTraffic.Echo => Ping(to, from, EtherType.Ipv4, "45000024000000004001f672c0000202c0000264" + "0800000000010001" + "6f726c65616e736c"),
        _ => Ping(to, from, EtherType.Ipv6,
            "6000000000103aff" + "fd770000000000000000000000000002" + "fd770000000000000000000000000100" + "8000000000010001" + "6f726c65616e736c"),
    };

    private static byte[] Ping(MacAddress to, MacAddress from, EtherType type, string packet)
    {
        var header = new byte[EthernetHeader.Length];
        new EthernetHeader(to, from, type).Write(header);
        return [.. header, .. Convert.FromHexString(packet)];
    }
}
