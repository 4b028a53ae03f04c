using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Routers;
using OrleansLb.Silo.Lab.Story;

namespace OrleansLb.Silo.Lab.Processes;

/// <summary>A real router beside the processes, which each of them peers with: the story is told in its verbs.</summary>
internal sealed class RouterStage : IAsyncDisposable
{
    public const int HoldTime = 3;

    private const uint RouterAsn = 64501, NodeAsn = 64500;

    private readonly TemporaryFolder _folder = new();
    private readonly ProcessStage _stage;
    private RouteWatch? _watch;
    private LabRouter? _router;
    private EquatableList<RoutedService> _services = [];

    private RouterStage(ProcessStage stage) => _stage = stage;

    public ProcessCluster Cluster => _stage.Cluster;

    public Narrator Narrator => _stage.Narrator;

    public TimeProvider Time => _stage.Time;

    public EquatableList<RoutedService> Services => _services;

    /// <summary>The daemon and its version.</summary>
    public string Version { get; private set; } = "";

    /// <summary>What the router's table was and is.</summary>
    public RouteHistory History => _watch!.History;

    private NamespaceNetwork Network => Cluster.Network;

    /// <summary>The daemon; one that has ended ends the story at once, with what it said last.</summary>
    private LabRouter Router => _router!.Ended is { } ended ? throw new UnexpectedException("the router's program running", ended) : _router;

    public static async Task<RouterStage> Start(ProcessStage stage, RouterKind kind, CancellationToken cancellation)
    {
        var routed = new RouterStage(stage);
        try
        {
            await routed.StartRouter(kind, cancellation);
            return routed;
        }
        catch
        {
            await routed.DisposeAsync();
            throw;
        }
    }

    /// <summary>Every node peers with the router, in place of how it did: then sessions end first, and with them their routes.</summary>
    public async Task Peer(bool gracefulRestart, CancellationToken cancellation)
    {
        var since = Time.GetTimestamp();
        await Cluster.Api.Apply($$"""
            apiVersion: orleanslb.io/v1alpha1
            kind: BGPPeer
            metadata: {name: router}
            spec: {myASN: {{NodeAsn}}, peerASN: {{RouterAsn}}, peerAddress: {{LabPlan.Router}}, holdTime: {{HoldTime}}s, enableGracefulRestart: {{(gracefulRestart ? "true" : "false")}} }
            """);
        if (_services.Count > 0)
        {
            foreach (var node in Network.Plan.Nodes) await Routes(LabPlan.RoutedAddressOf(node), 0, since, cancellation);
        }
        foreach (var node in Network.Plan.Nodes) await Session(node, cancellation);
        Narrator.Seen($"the router has a session with each node (hold time {HoldTime} s{(gracefulRestart ? ", graceful restart" : "")})");
    }

    /// <summary>The router has a session with the node.</summary>
    public Task Session(LabMachine node, CancellationToken cancellation) => Eventually.See($"a session of {node.Name} at the router",
        async () => await Router.HasSession(LabPlan.RoutedAddressOf(node), cancellation) ? this : null, () => Task.FromResult("none"),
        cancellation);

    /// <summary>The first moment since another at which the router's kernel had exactly so many routes by way of a next hop.</summary>
    public async Task<long> Routes(Address hop, int count, long since, CancellationToken cancellation)
    {
        var seen = await Eventually.See($"{count} routes by way of {hop} at the router",
            () => Task.FromResult(History.FirstWith(hop, count, since) is { } at ? (object)at : null),
            () => Task.FromResult($"{History.Table.Count(route => route.Value.Contains(hop))}"), cancellation);
        return (long)seen;
    }

    /// <summary>Creates Services and waits until the router has their routes; answers how long that took in milliseconds.</summary>
    public async Task<double> Serve(int count, CancellationToken cancellation)
    {
        await Cluster.Api.Apply($$"""
            {apiVersion: orleanslb.io/v1alpha1, kind: AddressPool, metadata: {name: routed}, spec: {addresses: ["{{LabPlan.RoutedServices}}"]} }
            ---
            {apiVersion: orleanslb.io/v1alpha1, kind: BGPAdvertisement, metadata: {name: routed}, spec: {addressPools: [routed]} }
            """);
        _services = RoutedService.Of(count, Network.Plan.Nodes);
        var began = Time.GetTimestamp();
        foreach (var service in _services) await Cluster.Api.Apply(service.Manifest);
        await ExpectTable(cancellation);
        return LabStage.Round(Time.GetElapsedTime(began).TotalMilliseconds);
    }

    /// <summary>The Service's endpoints are on these nodes from now on.</summary>
    public async Task MoveEndpoints(RoutedService service, EquatableList<LabMachine> endpoints)
    {
        var moved = service with { Endpoints = endpoints };
        await Cluster.Api.Apply(moved.Endpointslice);
        _services = _services.Select(each => each == service ? moved : each).ToEquatableList();
    }

    public async Task Delete(RoutedService service, CancellationToken cancellation)
    {
        await Cluster.DeleteService(service.Name, cancellation);
        _services = _services.Where(each => each != service).ToEquatableList();
    }

    /// <summary>The Services that the node is to announce.</summary>
    public IEnumerable<RoutedService> AnnouncedBy(LabMachine node) => _services.Where(service => AnnouncersOf(service).Contains(node));

    /// <summary>The router's kernel has each Service by way of the nodes that are to announce it, and nothing else.</summary>
    /// <param name="cancellation">Gives it up.</param>
    /// <param name="without">A node that announces nothing now.</param>
    public Task ExpectTable(CancellationToken cancellation, LabMachine? without = null)
    {
        var wanted = Beside(without).ToDictionary(service => service.Prefix,
            service => AnnouncersOf(service).Where(node => node != without).Select(LabPlan.RoutedAddressOf).Order().ToEquatableList());
        var wrong = "";
        return Eventually.See("the Services' routes in the router's kernel, each by way of every node that is to announce it",
            () => Task.FromResult((wrong = Differences(wanted)).Length == 0 ? this : null),
            () => Task.FromResult(Router.Ended ?? wrong), cancellation);
    }

    /// <summary>The Services that other nodes announce as well.</summary>
    public IEnumerable<RoutedService> Beside(LabMachine? node) => _services.Where(service => AnnouncersOf(service).Any(announcer => announcer != node));

    public async ValueTask DisposeAsync()
    {
        if (_router is not null) await _router.DisposeAsync();
        if (_watch is not null) await _watch.DisposeAsync();
        _folder.Dispose();
    }

    private async Task StartRouter(RouterKind kind, CancellationToken cancellation)
    {
        Narrator.Step($"Starting a router: AS {RouterAsn} at {LabPlan.Router}, with the client behind it");
        await Network.AddRouter(cancellation);
        var plan = new RouterPlan(Network.NamespaceOf(NamespaceNetwork.RouterName), LabPlan.Router, RouterAsn, NodeAsn,
            Network.Plan.Nodes.Select(LabPlan.RoutedAddressOf).ToEquatableList(), _folder.Path);
        _router = await LabRouter.Start(kind, plan, cancellation);
        var protocol = _router.KernelProtocol ?? throw new OperatorException($"{_router.NotForwarding}. This story sends traffic through its router.");
        _watch = await RouteWatch.Start(plan.Namespace, protocol, Time, cancellation);
        Version = await _router.Version(cancellation);
        Narrator.Say($"{Version} in the network namespace {plan.Namespace}: it waits for the nodes as AS {NodeAsn}");
    }

    private EquatableList<LabMachine> AnnouncersOf(RoutedService service) => service.IsLocal ? service.Endpoints : Network.Plan.Nodes;

    private string Differences(Dictionary<Prefix, EquatableList<Address>> wanted)
    {
        var table = History.Table;
        var wrong = wanted.Where(route => table.GetValueOrDefault(route.Key) != route.Value)
            .Select(route => $"{route.Key} by way of {string.Join(", ", table.GetValueOrDefault(route.Key))}, wanted {string.Join(", ", route.Value)}");
        return string.Join("; ", [.. wrong, .. table.Keys.Except(wanted.Keys).Select(prefix => $"{prefix}, which nobody is to announce")]);
    }
}
