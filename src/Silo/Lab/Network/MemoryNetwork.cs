using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Protocols;
using OrleansLb.Protocols.Arp;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Links.Memory;

namespace OrleansLb.Silo.Lab.Network;

/// <summary>
/// The lab's network where network namespaces cannot be made: an Ethernet segment in memory. ARP is real, byte for byte; of the data path only this much
/// stands in: the client resolves the address by ARP, and the node behind the port that the segment would send its frames to is the one that answers.
/// </summary>
internal sealed class MemoryNetwork : ILabNetwork
{
    private readonly MemoryPort _client;
    private readonly Dictionary<NodeName, Station> _stations;
    private readonly MemorySegment _segment;

    public MemoryNetwork(LabPlan plan, TimeProvider time)
    {
        Plan = plan;
        _segment = new MemorySegment(time);
        _client = _segment.Plug(MacAddress.Parse(plan.Client.Mac));
        _stations = plan.Nodes.ToDictionary(node => new NodeName(node.Name), node => Station.Plug(_segment, node));
        Capture = GratuitousCapture.Start(_client.Open(LabPlan.Interface, LinkTraffic.Arp), time);
    }

    public string Segment => "memory";

    public LabPlan Plan { get; }

    public GratuitousCapture Capture { get; }

    public INetworkScope? StackOf(NodeName node) => null;

    public ILinkProvider LinksOf(NodeName node) => _stations[node].Links;

    public async Task<string> Fetch(Address address, int port, TimeSpan patience, CancellationToken cancellation)
    {
        var mac = await Task.Run(() => Resolve(address, patience, cancellation), cancellation);
        var behind = _stations.Where(station => station.Value.Port == _segment.PortOf(mac)).Select(station => station.Key.Value).FirstOrDefault();
        return behind ?? throw new HttpRequestException($"{address} is at {mac}, and no node is there.");
    }

    public Task Unplug(NodeName node, CancellationToken cancellation) => SetCarrier(node, false);

    public Task Plug(NodeName node, CancellationToken cancellation) => SetCarrier(node, true);

    public ValueTask DisposeAsync()
    {
        Capture.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task SetCarrier(NodeName node, bool carrier)
    {
        _stations[node].Links.SetCarrier(LabPlan.Interface, carrier);
        return Task.CompletedTask;
    }

    /// <summary>Asks who has the address, as the client's kernel would.</summary>
    private MacAddress Resolve(Address address, TimeSpan patience, CancellationToken cancellation)
    {
        using var link = _client.Open(LabPlan.Interface, LinkTraffic.Arp);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(patience);
        using var end = late.Token.Register(link.Dispose);
        var wanted = new Ipv4((uint)address.Value);
        Span<byte> frame = stackalloc byte[ArpFrame.Length];
        ArpFrame.To(MacAddress.Broadcast, new(ArpOperation.Request, link.Mac, ClientIn(address), MacAddress.None, wanted)).Write(frame);
        link.Send(frame);
        while (link.Receive(frame) is > 0 and var length)
        {
            if (ArpFrame.TryRead(frame[..length], out var arp) && arp.Packet.Operation == ArpOperation.Reply && arp.Packet.SenderIp == wanted) return arp.Packet.SenderMac;
        }
        cancellation.ThrowIfCancellationRequested();
        throw new HttpRequestException($"Nobody answers ARP for {address} within {patience.TotalMilliseconds:0} ms.");
    }

    private Ipv4 ClientIn(Address address)
    {
        var subnet = Enumerable.Range(0, LabPlan.Subnets.Count).FirstOrDefault(index => LabPlan.Subnets[index].Contains(address));
        return new((uint)Plan.Client.Addresses[subnet].Value);
    }

    private sealed record Station(MemoryPort Port, MemoryLinks Links)
    {
        public static Station Plug(MemorySegment segment, LabMachine machine)
        {
            var station = new Station(segment.Plug(MacAddress.Parse(machine.Mac)), new MemoryLinks());
            station.Links.Set(LabPlan.Interface, station.Port, LabPlan.Subnets);
            return station;
        }
    }
}
