using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Protocols;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Speaker.Links;

namespace OrleansLb.Lab.Tests.Network;

public sealed class NamespaceNetworkTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_client_reaches_a_node_and_no_node_once_its_cable_is_pulled()
    {
        await using var network = await NamespaceNetwork.Create(LabPlan.Of(2), Stop);
        var node = new NodeName("node2");
        var address = network.Plan.Nodes[1].Addresses[0];

        Assert.Equal("node2", await network.Fetch(address, NodeWebServer.Port, Patience, Stop));
        await network.Unplug(node, Stop);
        await Assert.ThrowsAsync<HttpRequestException>(() => network.Fetch(address, NodeWebServer.Port, TimeSpan.FromMilliseconds(200), Stop));
        await network.Plug(node, Stop);
        Assert.Equal("node2", await network.Fetch(address, NodeWebServer.Port, Patience, Stop));
    }

    [Fact]
    public async Task The_kernel_of_a_node_takes_traffic_for_a_service_address_but_leaves_arp_to_the_speaker()
    {
        await using var network = await NamespaceNetwork.Create(LabPlan.Of(1), Stop);
        var address = Address.Parse("192.168.0.91");
        await Assert.ThrowsAsync<HttpRequestException>(() => network.Fetch(address, NodeWebServer.Port, TimeSpan.FromMilliseconds(300), Stop));

        using var link = network.LinksOf(new NodeName("node1")).Open(LabPlan.Interface, LinkTraffic.Arp);
        var wanted = network.Capture.First(sighting => sighting.Address == address, Stop);
        Answer(link, address);
        var heard = await wanted.WaitAsync(Patience, Stop);

        Assert.Equal(network.Plan.Nodes[0].Mac, heard.Mac.ToString());
    }

    [Fact]
    public async Task Nothing_is_left_of_it()
    {
        string name;
        await using (var network = await NamespaceNetwork.Create(LabPlan.Of(1), Stop)) name = network.NamespaceOf("client");

        Assert.False(File.Exists(NamespaceNames.PathOf(name)));
    }

    [Theory]
    [InlineData("olb-12-node1", true, 12)]
    [InlineData("olb-12-", false, 0)]
    [InlineData("olb-x-node1", false, 0)]
    [InlineData("other-12-node1", false, 0)]
    public void Only_names_of_ours_are_swept(string name, bool ours, int owner)
    {
        Assert.Equal(ours, NamespaceNames.TryParseOwner(name, out var process));
        Assert.Equal(ours ? owner : 0, ours ? process : 0);
    }

    private static void Answer(ILink link, Address address)
    {
        Span<byte> frame = stackalloc byte[ArpFrame.Length];
        ArpFrame.To(MacAddress.Broadcast, ArpPacket.Announcement(link.Mac, new Ipv4((uint)address.Value))).Write(frame);
        Assert.True(link.Send(frame));
    }
}
