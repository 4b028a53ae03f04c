using Microsoft.Extensions.Logging.Abstractions;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Speaker;
using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Links.Memory;

namespace OrleansLb.Silo.Lab.Network;

/// <summary>
/// The lab's network where network namespaces cannot be made: an Ethernet segment in memory. Frames are real, byte for byte; of the data path only this much
/// stands in: the client resolves the address by ARP or neighbour discovery, and the node behind the port that the segment
/// would send its frames to is the one that answers.
/// </summary>
internal sealed class MemoryNetwork : ILabNetwork
{
    private readonly MemoryPort _client;
    private readonly Dictionary<NodeName, Station> _stations;
    private readonly MemorySegment _segment;
    private readonly TimeProvider _time;

    public MemoryNetwork(LabPlan plan, TimeProvider time)
    {
        Plan = plan;
        _segment = new MemorySegment(time);
        _client = _segment.Plug(MacAddress.Parse(plan.Client.Mac));
        _stations = plan.Nodes.ToDictionary(node => new NodeName(node.Name), node => Station.Plug(_segment, node));
        Capture = AnnouncementCapture.Start(traffic => _client.Open(LabPlan.Interface, traffic), time);
        var witness = _segment.Plug(MacAddress.Parse(plan.Witness.Mac));
        Witness = Witness.Start(plan.Witness, traffic => witness.Open(LabPlan.Interface, traffic), time);
        _time = time;
    }

    public string Segment => "memory";

    public LabPlan Plan { get; }

    public AnnouncementCapture Capture { get; }

    public Witness Witness { get; }

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

    /// <summary>There is no kernel here that keeps one.</summary>
    public Task<MacAddress?> NeighbourOf(Address address, CancellationToken cancellation) => Task.FromResult<MacAddress?>(null);

    public async Task<IAsyncDisposable> Intrude(Address address, CancellationToken cancellation)
    {
        var stranger = Station.Plug(_segment, Plan.Stranger);
        var node = new NodeName(Plan.Stranger.Name);
        var speaker = new L2Speaker(new() { Node = node }, stranger.Links, _time, NullLogger<L2Speaker>.Instance);
        await speaker.Apply(new(node, null, 1, [new(address, new("elsewhere", Plan.Stranger.Name), 1, [])], []));
        return speaker;
    }

    public ValueTask DisposeAsync()
    {
        Witness.Dispose();
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
        using var link = _client.Open(LabPlan.Interface, address.Family == IpFamily.IPv4 ? LinkTraffic.Arp : LinkTraffic.Ndp);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        late.CancelAfter(patience);
        using var end = late.Token.Register(link.Dispose);
        link.Send(NeighbourFrame.Question(link.Mac, Plan.Client.Beside(address), address));
        Span<byte> frame = stackalloc byte[NeighbourFrame.MaxLength];
        while (link.Receive(frame) is > 0 and var length)
        {
            if (NeighbourFrame.TryReadClaim(frame[..length], out var claim) && claim.Address == address) return claim.Mac;
        }
        cancellation.ThrowIfCancellationRequested();
        throw new HttpRequestException($"Nobody answers for {address} within {patience.TotalMilliseconds:0} ms.");
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
