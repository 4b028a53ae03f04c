using System.Buffers.Binary;
using System.Net.NetworkInformation;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Nodes;
using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Links.Windows;

namespace OrleansLb.Speaker.Tests.Links;

/// <summary>What is made of Windows' tables, row by row; the calls that fetch them need Windows.</summary>
public class WindowsLinksTests
{
    private const uint Local = 2, NetMgmt = 3;

    private static byte[] Row(string destination, int index = 7, uint protocol = NetMgmt, bool loopback = false)
    {
        var prefix = Prefix.Parse(destination);
        var row = new byte[ForwardRow.Length];
        BinaryPrimitives.WriteInt32LittleEndian(row.AsSpan(8), index);
        BinaryPrimitives.WriteUInt16LittleEndian(row.AsSpan(12), (ushort)(prefix.Network.Family == IpFamily.IPv4 ? 2 : 23));
        prefix.Network.ToIPAddress().TryWriteBytes(row.AsSpan(prefix.Network.Family == IpFamily.IPv4 ? 16 : 20), out _);
        row[40] = (byte)prefix.Length;
        BinaryPrimitives.WriteUInt32LittleEndian(row.AsSpan(88), protocol);
        row[92] = loopback ? (byte)1 : (byte)0;
        return row;
    }

    [Theory]
    [InlineData("0.0.0.0/0", NetMgmt)]
    [InlineData("192.0.2.0/24", Local)]
    [InlineData("198.51.100.7/32", NetMgmt)]
    [InlineData("::/0", NetMgmt)]
    [InlineData("2001:db8::/64", Local)]
    [InlineData("fe80::/64", Local)]
    public void A_route_by_a_network_is_read(string destination, uint protocol) =>
        Assert.Equal(new ForwardRow(7, Prefix.Parse(destination)), ForwardRow.Read(Row(destination, protocol: protocol)));

    [Theory]
    [InlineData("192.0.2.10/32", Local, false)] // an address of this host
    [InlineData("192.0.2.255/32", Local, false)] // its subnet's broadcast
    [InlineData("2001:db8::10/128", Local, false)]
    [InlineData("127.0.0.0/8", Local, true)]
    [InlineData("224.0.0.0/4", Local, false)]
    [InlineData("239.1.0.0/16", NetMgmt, false)]
    [InlineData("255.255.255.255/32", Local, false)]
    [InlineData("ff00::/8", Local, false)]
    public void What_is_no_route_by_a_network_is_passed_over(string destination, uint protocol, bool loopback) =>
        Assert.Null(ForwardRow.Read(Row(destination, protocol: protocol, loopback: loopback)));

    [Fact]
    public void A_row_that_cannot_be_is_passed_over()
    {
        var (strange, long4, long6) = (Row("192.0.2.0/24"), Row("192.0.2.0/24"), Row("2001:db8::/64"));
        (strange[12], long4[40], long6[40]) = (99, 33, 129);
        Assert.All([strange, long4, long6, Row("192.0.2.0/24")[..^1]], row => Assert.Null(ForwardRow.Read(row)));
    }

    [Fact]
    public void Any_bytes_make_a_row_or_none()
    {
        var random = new Random(1);
        var row = new byte[ForwardRow.Length];
        for (var round = 0; round < 10_000; round++)
        {
            random.NextBytes(row);
            row[12] = (byte)(round % 2 == 0 ? 2 : 23);
            row[13] = row[92] = 0;
            if (ForwardRow.Read(row) is { } read) Assert.InRange(read.Destination.Length, 0, read.Destination.Network.Bits);
        }
    }

    [Fact]
    public void Adapters_and_routes_become_links_sorted_by_name()
    {
        var vethernet = Adapter("vEthernet (Ext)", 12, ("192.0.2.5", 24), ("fe80::5", 64));
        var ethernet = Adapter("Ethernet", 7);
        var links = WindowsLinks.Combine([vethernet, ethernet],
            [new(12, Prefix.Parse("192.0.2.0/24")), new(12, Prefix.Parse("0.0.0.0/0")), new(12, Prefix.Parse("0.0.0.0/0")),
                new(99, Prefix.Parse("10.0.0.0/8"))]);
        Assert.Equal(["Ethernet", "vEthernet (Ext)"], links.Links.Select(link => link.Name));
        var bearing = links.Links[1];
        Assert.Equal((12, true, "00:15:5d:00:00:01"), (bearing.Index, bearing.Usable, bearing.Mac.ToString()));
        Assert.Equal([Prefix.Parse("192.0.2.0/24"), Prefix.Parse("fe80::/64")], bearing.Connected);
        Assert.Equal([Prefix.Parse("0.0.0.0/0"), Prefix.Parse("192.0.2.0/24")], bearing.Routes);
        Assert.Equal([Address.Parse("192.0.2.5"), Address.Parse("fe80::5")], bearing.Addresses);
        Assert.Equal(["vEthernet (Ext)"], InterfaceSelection.Choose(links, [], Address.Parse("192.0.2.100")));
    }

    [Theory]
    [InlineData(NetworkInterfaceType.Ethernet, OperationalStatus.Up, 7, true)]
    [InlineData(NetworkInterfaceType.Wireless80211, OperationalStatus.Up, 7, true)]
    [InlineData(NetworkInterfaceType.Ethernet, OperationalStatus.Down, 7, false)]
    [InlineData(NetworkInterfaceType.Ethernet, OperationalStatus.Up, 0, false)]
    [InlineData(NetworkInterfaceType.Loopback, OperationalStatus.Up, 7, false)]
    [InlineData(NetworkInterfaceType.Tunnel, OperationalStatus.Up, 7, false)]
    [InlineData(NetworkInterfaceType.Ppp, OperationalStatus.Up, 7, false)]
    public void An_adapter_is_usable_when_it_speaks_ethernet_and_is_up(NetworkInterfaceType type, OperationalStatus status, int index, bool usable) =>
        Assert.Equal(usable, (Adapter("x", index) with { Type = type, Status = status }).Usable);

    [Fact]
    public void Adapters_of_this_machine_can_be_read() =>
        Assert.Contains(NetworkInterface.GetAllNetworkInterfaces().Select(AdapterRow.Read),
            adapter => adapter.Borne.Any(borne => borne.Address == Address.Parse("127.0.0.1")));

    [Fact]
    public void An_address_cannot_be_put_on_an_interface_and_it_is_said_why()
    {
        var links = new WindowsLinks(TimeProvider.System, CaptureLibrary.Opener ?? OrleansLb.Speaker.Links.Linux.PacketSocketOpener.Instance);
        Assert.Contains("on Windows", Assert.Throws<LinkException>(() => links.Bear("Ethernet", Address.Parse("192.0.2.1"), TimeSpan.FromSeconds(9))).Message,
            StringComparison.Ordinal);
    }

    private static AdapterRow Adapter(string name, int index, params (string Address, int Length)[] borne) =>
        new(name, index, NetworkInterfaceType.Ethernet, OperationalStatus.Up, new(0x00155d000001),
            [.. borne.Select(each => (Address.Parse(each.Address), each.Length))]);
}
