using OrleansLb.Core.Addressing;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols.Ndp;
using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Links.Memory;

namespace OrleansLb.Speaker.Tests.Links;

public class MemorySegmentTests
{
    private readonly MemorySegment _segment = new(TimeProvider.System);
    private readonly MemoryPort _one;
    private readonly MemoryPort _two;
    private readonly MemoryPort _three;

    public MemorySegmentTests() => (_one, _two, _three) = (_segment.Plug(Wire.Mac(1)), _segment.Plug(Wire.Mac(2)), _segment.Plug(Wire.Mac(3)));

    private static byte[] Frame(MacAddress destination, MacAddress source, byte mark) =>
        ArpFrame.To(destination, new(ArpOperation.Request, source, new(mark), MacAddress.None, new(0))).Bytes();

    private static uint Mark(ILink link)
    {
        var frame = new byte[100];
        Assert.True(ArpFrame.TryRead(frame.AsSpan(0, link.Receive(frame)), out var heard));
        return heard.Packet.SenderIp.Value;
    }

    [Fact]
    public void A_broadcast_reaches_every_other_station()
    {
        using var two = _two.Open("eth0", LinkTraffic.Arp);
        using var three = _three.Open("eth0", LinkTraffic.Arp);
        Assert.True(_one.Send(Frame(MacAddress.Broadcast, _one.Mac, 7)));
        Assert.Equal((7u, 7u), (Mark(two), Mark(three)));
    }

    [Fact]
    public void A_station_hears_what_is_for_it_and_nothing_else()
    {
        using var two = _two.Open("eth0", LinkTraffic.Arp);
        using var itself = _one.Open("eth0", LinkTraffic.Arp);
        _one.Send(Frame(_three.Mac, _one.Mac, 1));
        _one.Send(Frame(_two.Mac, _one.Mac, 2));
        _two.Send(Frame(_one.Mac, _two.Mac, 3));
        Assert.Equal((2u, 3u), (Mark(two), Mark(itself)));
    }

    [Fact]
    public void The_bridge_learns_where_an_address_is_and_that_it_has_moved()
    {
        _one.Send(Frame(MacAddress.Broadcast, Wire.Mac(9), 1));
        Assert.Same(_one, _segment.PortOf(Wire.Mac(9)));
        _two.Send(Frame(MacAddress.Broadcast, Wire.Mac(9), 1));
        Assert.Same(_two, _segment.PortOf(Wire.Mac(9)));
        _two.Carrier = false;
        Assert.Null(_segment.PortOf(Wire.Mac(9)));
    }

    [Fact]
    public void Without_carrier_nothing_comes_and_nothing_goes()
    {
        using var two = _two.Open("eth0", LinkTraffic.Arp);
        _two.Carrier = false;
        Assert.False(_two.Send(Frame(MacAddress.Broadcast, _two.Mac, 1)));
        _one.Send(Frame(MacAddress.Broadcast, _one.Mac, 2));
        _two.Carrier = true;
        _one.Send(Frame(MacAddress.Broadcast, _one.Mac, 3));
        Assert.Equal(3u, Mark(two));
    }

    [Fact]
    public void A_link_hands_over_only_its_kind_of_frames()
    {
        using var ndp = _two.Open("eth0", LinkTraffic.Ndp);
        _one.Send(Frame(MacAddress.Broadcast, _one.Mac, 1));
        var announcement = NdpFrame.Announcement(_one.Mac, Ipv6.Parse("fd77::1")).Bytes();
        var echo = announcement.ToArray();
        echo[54] = 128;
        _one.Send(echo);
        _one.Send(announcement);
        var heard = new byte[announcement.Length];
        Assert.Equal(announcement.Length, ndp.Receive(heard));
        Assert.Equal(announcement, heard);
    }

    [Fact]
    public void Frames_that_nobody_reads_are_counted_as_dropped()
    {
        using var two = _two.Open("eth0", LinkTraffic.Arp);
        for (var count = 0; count < 300; count++) _one.Send(Frame(_two.Mac, _one.Mac, 1));
        Assert.Equal(300 - 256, two.Dropped);
    }

    [Fact]
    public void A_disposed_link_ends_its_reader()
    {
        var two = _two.Open("eth0", LinkTraffic.Arp);
        two.Dispose();
        Assert.Equal(0, two.Receive(new byte[100]));
        Assert.True(_one.Send(Frame(MacAddress.Broadcast, _one.Mac, 1)));
    }

    [Fact]
    public async Task The_interfaces_of_a_node_are_told_as_they_change()
    {
        var links = new MemoryLinks();
        links.Set("eth0", _one, [Prefix.Parse("192.0.2.0/24")]);
        using var patience = new CancellationTokenSource(Wire.Patience);
        await using var changes = links.Watch(patience.Token).GetAsyncEnumerator(patience.Token);
        Assert.True(await changes.MoveNextAsync() && changes.Current.Links.Links[0].Usable);
        links.SetCarrier("eth0", false);
        Assert.True(await changes.MoveNextAsync());
        Assert.False(changes.Current.Links.Links[0].Usable);
        links.Remove("eth0");
        Assert.True(await changes.MoveNextAsync());
        Assert.Empty(changes.Current.Links.Links);
        Assert.Throws<LinkException>(() => links.Open("eth0", LinkTraffic.Arp));
    }
}
