using OrleansLb.Core;
using OrleansLb.Core.Addressing;
using OrleansLb.Core.Announcements;
using OrleansLb.Grains;
using OrleansLb.Grains.Nodes;
using OrleansLb.Protocols.Bgp;
using OrleansLb.Silo.Lab.Network;
using OrleansLb.Silo.Lab.Routers;
using Prefix = OrleansLb.Core.Addressing.Prefix;

namespace OrleansLb.Silo.Lab.Story;

/// <summary>The stage with a router on it: a real routing daemon that the nodes' speakers peer with. The BGP story is told in its verbs.</summary>
internal sealed partial class BgpStage(LabStage stage, NamespaceNetwork network, LabService service, Narrator narrator, TimeProvider time, RouterKind kind)
    : IAsyncDisposable
{
    private const int AggregationLength = 24;

    /// <summary>Some routers refuse for ten seconds and more whom they have just lost.</summary>
    private static readonly TimeSpan RouterPatience = TimeSpan.FromSeconds(45);

    private readonly TemporaryFolder _folder = new();
    private readonly List<BgpSessionReport> _sessions = [];
    private readonly List<BgpRouteReport> _routes = [];
    private LabRouter? _router;
    private RouterPlan? _plan;
    private string _version = "";
    private BgpNodeDeath? _death;
    private BgpRestart? _restart;

    public BgpReport Report => new(_version, _router?.KernelProtocol is not null, _sessions, _routes, _death, _restart);

    /// <summary>The daemon; one that has ended ends the story at once, with what it said last.</summary>
    private LabRouter Router => _router switch
    {
        null => throw new InvalidOperationException("The router is not started yet."),
        { Ended: { } ended } => throw new UnexpectedException("the router's program running", ended),
        _ => _router,
    };

    private RouterPlan Plan => _plan ?? throw new InvalidOperationException("The router is not started yet.");

    private string SessionKind => Plan.IsInternal ? "internal" : "external";

    /// <summary>Starts the daemon, in place of one that runs.</summary>
    public async Task StartRouter(uint asn, uint nodeAsn, CancellationToken cancellation)
    {
        narrator.Step(_router is null
            ? $"Starting a router: AS {asn} at {LabPlan.Router}, with the client behind it"
            : $"Starting the router anew, as one of the nodes' own AS {asn}");
        if (_router is not null) await _router.DisposeAsync();
        var nodes = network.Plan.Nodes.Select(LabPlan.RoutedAddressOf).ToEquatableList();
        var folder = Directory.CreateDirectory(Path.Combine(_folder.Path, $"{asn}-{nodeAsn}")).FullName;
        _plan = new(network.NamespaceOf(NamespaceNetwork.RouterName), LabPlan.Router, asn, nodeAsn, nodes, folder);
        _router = await LabRouter.Start(kind, _plan, cancellation);
        _version = await _router.Version(cancellation);
        narrator.Say($"{_version} in the network namespace {_plan.Namespace}: it waits for the nodes as AS {nodeAsn}");
        narrator.Say(_router.NotForwarding is { } why
            ? $"{why}. So its routes are looked at, and no traffic goes through it"
            : "it writes what it learns into its kernel, all paths side by side");
    }

    /// <summary>Every node's speaker has an established session, as it and the router say.</summary>
    /// <param name="since">When the configuration was applied that asks for them.</param>
    public async Task ExpectSessions(long since, CancellationToken cancellation)
    {
        foreach (var node in network.Plan.Nodes)
        {
            var status =
                await Eventually.See($"an established session of {node.Name}", () => Established(node), () => Describe(node), cancellation, RouterPatience);
            var elapsed = time.GetElapsedTime(since).TotalMilliseconds;
            _sessions.Add(new(node.Name, SessionKind, Math.Round(elapsed, 1)));
            narrator.Seen($"{node.Name}'s session with {status.Peer} (AS {status.RemoteAsn}) was seen established {elapsed:0} ms after its configuration: "
                + $"{string.Join(", ", status.Capabilities)}");
        }
    }

    /// <summary>The router has learned each address as the configuration says, from every node, and nothing else.</summary>
    public async Task ExpectRoutes(CancellationToken cancellation)
    {
        foreach (var name in stage.Created.Keys)
            await Eventually.See($"an address for {name}", () => stage.Assigned(name), () => stage.Describe(name), cancellation);
        await ExpectRoutesFrom([.. network.Plan.Nodes], cancellation);
        foreach (var (name, created) in stage.Created.Where(entry => !stage.IsServed(entry.Key)).ToList())
        {
            var addresses = (await stage.Assigned(name))!.Addresses;
            stage.Serve(new(name.ToString(), [.. addresses.Select(address => address.ToString())],
                string.Join(",", network.Plan.Nodes.Select(node => node.Name)), LabStage.Round(time.GetElapsedTime(created).TotalMilliseconds)));
        }
        foreach (var route in (await Router.Routes(cancellation)).GroupBy(route => route.Prefix).OrderBy(group => group.Key.ToString(), StringComparer.Ordinal))
            Tell(route);
    }

    /// <summary>Of two Services one goes: its own route goes with it, and the aggregate that covers the other stays.</summary>
    public async Task DeleteService(ServiceName name, CancellationToken cancellation)
    {
        narrator.Step($"Deleting {name}: its /32 has to go, the /{AggregationLength} has to stay for the other");
        var deleted = time.GetTimestamp();
        await service.Delete($"/api/v1/namespaces/{name.Namespace}/services/{name.Name}", cancellation);
        stage.Forget(name);
        await ExpectRoutesFrom([.. network.Plan.Nodes], cancellation);
        narrator.Seen($"the router has exactly that after {time.GetElapsedTime(deleted).TotalMilliseconds:0} ms");
    }

    /// <summary>The client's requests reach every node: the router spreads them over equal paths.</summary>
    public async Task ExpectSpread(CancellationToken cancellation)
    {
        if (Router.KernelProtocol is not { } protocol) return;
        narrator.Step("Fetching through the router");
        var address = await AnyAddress();
        await ExpectNextHops(new(address, address.Bits), network.Plan.Nodes, protocol, cancellation);
        var requests = RequestStream.Start(network, address, cancellation);
        await Eventually.See("a page from every node", () =>
            Task.FromResult(requests.Made >= SomeRequests && requests.Answered == network.Plan.Nodes.Count ? requests : null),
                async () => $"{await requests.Stop()}", cancellation);
        var count = await requests.Stop();
        if (count.Lost > 0) throw new UnexpectedException($"every page from http://{address}/", $"{count}");
        narrator.Seen($"http://{address}/ through {LabPlan.Router}: {count}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_router is not null) await _router.DisposeAsync();
        _folder.Dispose();
    }

    private async Task ExpectRoutesFrom(IReadOnlyList<LabMachine> nodes, CancellationToken cancellation)
    {
        var addresses = new List<Address>();
        foreach (var name in stage.Created.Keys) addresses.AddRange((await stage.Assigned(name))?.Addresses ?? []);
        var expected = addresses.SelectMany(address => nodes.SelectMany(node => RoutesOf(address, LabPlan.RoutedAddressOf(node)))).ToHashSet();
        await Eventually.See($"at the router exactly {Text(expected)}",
            async () => Comparable(await Router.Routes(cancellation)).SetEquals(expected) ? expected : null,
            async () => Text(Comparable(await Router.Routes(cancellation))), cancellation, RouterPatience);
    }

    /// <summary>What the manifests say of an address: itself, not to be passed on, and the network that it is of, without such a wish.</summary>
    private IEnumerable<LearnedRoute> RoutesOf(Address address, Address node)
    {
        EquatableList<uint> path = Plan.IsInternal ? [] : [Plan.NodeAsn];
        uint? preference = Plan.IsInternal ? 100 : null;
        yield return new(new(address, address.Bits), node, path, preference, [Community.NoAdvertise]);
        yield return new(new(address, AggregationLength), node, path, preference, []);
    }

    /// <summary>Over an external session the local preference is the router's own thought.</summary>
    private HashSet<LearnedRoute> Comparable(IEnumerable<LearnedRoute> routes) =>
        [.. routes.Select(route => Plan.IsInternal ? route : route with { LocalPref = null })];

    private static string Text(IEnumerable<LearnedRoute> routes) =>
        string.Join("; ", routes.GroupBy(route => (route.Prefix, Attributes(route)))
            .Select(group => $"{group.Key.Prefix} {group.Key.Item2} via {string.Join(", ", group.Select(route => route.NextHop).Order())}")
            .Order(StringComparer.Ordinal)) is { Length: > 0 } text ? text : "no route";

    private static string Attributes(LearnedRoute route) => string.Join(", ",
        new[]
        {
            route.AsPath.Count > 0 ? $"path {string.Join(' ', route.AsPath)}" : "empty path",
            route.LocalPref is { } preference ? $"local preference {preference}" : null,
            route.Communities.Count > 0 ? $"communities {string.Join(' ', route.Communities)}" : "no community",
        }.OfType<string>());

    private void Tell(IGrouping<Prefix, LearnedRoute> paths)
    {
        var (first, nodes) =
            (paths.First(), paths.Select(path => network.Plan.NodeOf(path.NextHop)?.Value ?? path.NextHop.ToString()).Order(StringComparer.Ordinal).ToList());
        _routes.Add(new(paths.Key.ToString(), SessionKind, nodes, [.. first.AsPath], first.LocalPref,
            [.. first.Communities.Select(community => $"{community.Value >> 16}:{community.Value & 0xFFFF}")]));
        var own = !Plan.IsInternal && first.LocalPref is not null ? " (the router's own: none crosses the border of an AS)" : "";
        narrator.Seen($"the router has {paths.Key}: {Attributes(first)}{own}; to {string.Join(", ", nodes)}");
    }

    private async Task ExpectNextHops(Prefix prefix, IEnumerable<LabMachine> nodes, string protocol, CancellationToken cancellation)
    {
        var expected = nodes.Select(LabPlan.RoutedAddressOf).Order().ToList();
        var hops = await Eventually.See($"{prefix} in the router's kernel via {string.Join(", ", expected)}",
            async () => await network.NextHops(prefix, protocol, cancellation) is var seen && seen.SequenceEqual(expected) ? seen : null,
            async () => string.Join(", ", await network.NextHops(prefix, protocol, cancellation)), cancellation);
        narrator.Seen($"the router's kernel sends {prefix} to {string.Join(", ", hops)}");
    }

    private async Task<Address> AnyAddress() =>
        (await stage.Assigned(stage.Created.Keys.OrderBy(name => name.ToString(), StringComparer.Ordinal).First()))!.Addresses[0];

    private async Task<PeerStatus?> Established(LabMachine node) =>
        await AtRouter(node, up: true) is null ? null : (await StatusOf(node)).FirstOrDefault(peer => peer.State == PeerState.Established);

    private async Task<object?> AtRouter(LabMachine node, bool up) =>
        await Router.HasSession(LabPlan.RoutedAddressOf(node), CancellationToken.None) == up ? node : null;

    private async Task<EquatableList<PeerStatus>> StatusOf(LabMachine node) => (await service.Grains.Node(new NodeName(node.Name)).Status()).Peers;

    private async Task<string> Describe(LabMachine node) =>
        string.Join("; ",
            (await StatusOf(node)).Select(peer =>
                $"{peer.Peer} is {peer.State}: {peer.LastError ?? peer.NotificationReceived ?? "no error"}")) is { Length: > 0 } told ? told : "it has no peer";
}
