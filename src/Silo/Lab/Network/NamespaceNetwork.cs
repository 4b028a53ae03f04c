using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Protocols.Ethernet;
using OrleansLb.Silo.Lab.Story;
using OrleansLb.Speaker.Links;
using OrleansLb.Speaker.Links.Linux;

namespace OrleansLb.Silo.Lab.Network;

/// <summary>The lab's network in the Linux kernel: a bridge, and a network namespace for each node and the client, joined to it by veth pairs.</summary>
internal sealed partial class NamespaceNetwork : ILabNetwork
{
    private readonly NamespaceNames _names;
    private readonly List<NodeWebServer> _servers = [];
    private AnnouncementCapture? _capture;
    private Witness? _witness;

    private NamespaceNetwork(LabPlan plan, NamespaceNames names) => (Plan, _names) = (plan, names);

    public string Segment => "namespaces";

    public LabPlan Plan { get; }

    public AnnouncementCapture Capture => _capture ?? throw new InvalidOperationException("The network is not made yet.");

    public Witness Witness => _witness ?? throw new InvalidOperationException("The network is not made yet.");

    public static async Task<NamespaceNetwork> Create(LabPlan plan, CancellationToken cancellation)
    {
        await NamespaceNames.SweepDead(cancellation);
        var network = new NamespaceNetwork(plan, new NamespaceNames(Environment.ProcessId));
        try
        {
            await network.Build(cancellation);
            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>The namespace of a machine, for a reader who wants to look inside with <c>ip netns exec</c>.</summary>
    public string NamespaceOf(string machine) => _names.Of(machine);

    public INetworkScope? StackOf(NodeName node) => ScopeOf(node.Value);

    public ILinkProvider LinksOf(NodeName node) => new KernelLinks(ScopeOf(node.Value), TimeProvider.System);

    public async Task<string> Fetch(Address address, int port, TimeSpan patience, CancellationToken cancellation)
    {
        using var handler = new SocketsHttpHandler { ConnectCallback = ConnectFromClient, UseProxy = false };
        using var client = new HttpClient(handler) { Timeout = patience };
        try
        {
            return (await client.GetStringAsync(new UriBuilder("http", address.ToString(), port).Uri, cancellation)).Trim();
        }
        catch (TaskCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpRequestException($"No answer from {address} within {patience.TotalMilliseconds:0} ms.", late);
        }
    }

    public Task Unplug(NodeName node, CancellationToken cancellation) => IpCommand.Run(_names.Switch, $"link set {node} down", cancellation);

    public Task Plug(NodeName node, CancellationToken cancellation) => IpCommand.Run(_names.Switch, $"link set {node} up", cancellation);

    /// <summary>Makes the addresses local to every node, as kube-proxy in IPVS mode does.</summary>
    public async Task BindToNodes(IReadOnlyList<Address> addresses, CancellationToken cancellation)
    {
        foreach (var node in Plan.Nodes)
            await IpCommand.Batch(_names.Of(node.Name), addresses.Select(address => $"address add {address}/{address.Bits} dev lo"), cancellation);
    }

    public async Task<MacAddress?> NeighbourOf(Address address, CancellationToken cancellation)
    {
        var rows = JsonNode.Parse(await IpCommand.Ask(_names.Of(Plan.Client.Name),
            ["-j", "neighbour", "show", "to", address.ToString(), "dev", LabPlan.Interface], cancellation));
        return rows?.AsArray().FirstOrDefault()?["lladdr"] is { } mac ? MacAddress.Parse(mac.GetValue<string>()) : null;
    }

    /// <summary>A kernel that asks nobody first. It announces the address once the bridge forwards its frames.</summary>
    public async Task<IAsyncDisposable> Intrude(Address address, CancellationToken cancellation)
    {
        var name = await AddStranger(cancellation);
        await IpCommand.Batch(name, [$"address add {address}/{address.Bits} dev {LabPlan.Interface}{NoDetection(address)}"], cancellation);
        using var link = OpenOn(Plan.Stranger)(address.Family == IpFamily.IPv4 ? LinkTraffic.Arp : LinkTraffic.Ndp);
        link.Send(NeighbourFrame.Announcement(MacAddress.Parse(Plan.Stranger.Mac), address));
        return new Intruder(this);
    }

    /// <summary>Takes the stranger off the bridge, with its machine.</summary>
    public Task RemoveStranger() => IpCommand.Batch(null, [$"netns delete {_names.Of(Plan.Stranger.Name)}"], CancellationToken.None);

    /// <summary>Puts the stranger on the bridge, with addresses of its own; returns its namespace once the bridge forwards its frames.</summary>
    public Task<string> AddStranger(CancellationToken cancellation) => Add(Plan.Stranger, cancellation);

    /// <summary>Puts the machine of the Kubernetes API on the bridge; returns its network stack.</summary>
    public async Task<INetworkScope> AddControl(CancellationToken cancellation)
    {
        await Add(LabPlan.Control, cancellation);
        return ScopeOf(LabPlan.Control.Name);
    }

    private async Task<string> Add(LabMachine machine, CancellationToken cancellation)
    {
        var name = _names.Of(machine.Name);
        await IpCommand.Batch(null, [$"netns add {name}"], cancellation);
        await IpCommand.Batch(_names.Switch, Cable(machine), cancellation);
        await IpCommand.Batch(name, Addresses(machine), cancellation);
        await Eventually.See($"the port of {machine.Name} forwarding", () => Forwarding(machine, cancellation), () => Task.FromResult("it does not"),
            cancellation);
        return name;
    }

    public async ValueTask DisposeAsync()
    {
        _witness?.Dispose();
        _capture?.Dispose();
        foreach (var server in _servers) await server.DisposeAsync();
        var standing = Machines.Append(Plan.Stranger).Append(LabPlan.Control).Select(machine => _names.Of(machine.Name)).Append(_names.Switch)
            .Append(_names.Of(RouterName)).Where(name => File.Exists(NamespaceNames.PathOf(name)));
        await IpCommand.Batch(null, standing.Select(name => $"netns delete {name}").ToList(), CancellationToken.None);
    }

    private IEnumerable<LabMachine> Machines => [.. Plan.Nodes, Plan.Client, Plan.Witness];

    private NetworkNamespace ScopeOf(string machine) => new(_names.Of(machine));

    private async Task Build(CancellationToken cancellation)
    {
        await IpCommand.Batch(null, Machines.Select(machine => _names.Of(machine.Name)).Append(_names.Switch).Select(name => $"netns add {name}"),
            cancellation);
        await IpCommand.Batch(_names.Switch, ["link add br0 type bridge", "link set br0 up", .. Machines.SelectMany(Cable)], cancellation);
        foreach (var machine in Machines) await IpCommand.Batch(_names.Of(machine.Name), Addresses(machine), cancellation);
        foreach (var node in Plan.Nodes) await PlayKubeProxy(node, cancellation);
        _capture = AnnouncementCapture.Start(OpenOn(Plan.Client), TimeProvider.System);
        _witness = Witness.Start(Plan.Witness, OpenOn(Plan.Witness), TimeProvider.System);
    }

    private async Task<object?> Forwarding(LabMachine machine, CancellationToken cancellation)
    {
        var ports = JsonNode.Parse(await IpCommand.Ask(_names.Switch, ["-j", "-d", "link", "show", "dev", machine.Name], cancellation));
        return ports?[0]?["linkinfo"]?["info_slave_data"]?["state"]?.GetValue<string>() == "forwarding" ? machine : null;
    }

    private Func<LinkTraffic, ILink> OpenOn(LabMachine machine) =>
        traffic => new KernelLinks(ScopeOf(machine.Name), TimeProvider.System).Open(LabPlan.Interface, traffic);

    private IEnumerable<string> Cable(LabMachine machine) =>
    [
        $"link add {machine.Name} type veth peer name {LabPlan.Interface} address {machine.Mac} netns {_names.Of(machine.Name)}",
        $"link set {machine.Name} master br0 up",
    ];

    private static IEnumerable<string> Addresses(LabMachine machine) =>
    [
        "link set lo up",
        $"link set {LabPlan.Interface} up",
        .. machine.Addresses.Zip(LabPlan.Subnets, (address, subnet) =>
            string.Create(CultureInfo.InvariantCulture, $"address add {address}/{subnet.Length} dev {LabPlan.Interface}{NoDetection(address)}")),
    ];

    /// <summary>The lab knows what it does: an IPv6 address need not wait for duplicate address detection.</summary>
    private static string NoDetection(Address address) => address.Family == IpFamily.IPv6 ? " nodad" : "";

    /// <summary>
    /// As kube-proxy and its strictARP leave a node: the kernel accepts traffic for service addresses, answers no ARP request for them
    /// and asks none in their name.
    /// </summary>
    private async Task PlayKubeProxy(LabMachine node, CancellationToken cancellation)
    {
        var scope = ScopeOf(node.Name);
        scope.Run(() =>
        {
            File.WriteAllText("/proc/sys/net/ipv4/conf/all/arp_ignore", "1");
            File.WriteAllText("/proc/sys/net/ipv4/conf/all/arp_announce", "2");
            return true;
        });
        await IpCommand.Batch(_names.Of(node.Name), LabPlan.ServiceRanges.SelectMany(Each).Select(address => address.ToString())
            .Concat([$"{LabPlan.ManyServices}", $"{LabPlan.RoutedServices}"]).Select(destination => $"route add local {destination} dev lo"), cancellation);
        _servers.Add(await NodeWebServer.Start(node.Name, scope, cancellation));
    }

    private static IEnumerable<Address> Each(AddressRange range)
    {
        for (var value = range.First.Value; value <= range.Last.Value; value++) yield return range.First with { Value = value };
    }

    private async ValueTask<Stream> ConnectFromClient(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var target = IPAddress.Parse(context.DnsEndPoint.Host);
        var socket = ScopeOf(Plan.Client.Name).Run(() => new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true });
        try
        {
            await socket.ConnectAsync(new IPEndPoint(target, context.DnsEndPoint.Port), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private sealed class Intruder(NamespaceNetwork network) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await network.RemoveStranger();
    }
}
